import type {LogEvent} from '../../../event/event.ts';
import type {RawFields} from './raw-fields.ts';
import {aliased, type View} from './view.ts';

/** Records of services that log JSON of a form of their own, told by fields that only they have. */
const shapes: readonly {readonly product: string; readonly service: string; readonly fields: readonly string[]}[] = [
  {product: 'aws', service: 'cloudtrail', fields: ['eventsource', 'eventname', 'awsregion']},
  {product: 'kubernetes', service: 'audit', fields: ['auditid', 'verb', 'stage']},
  {product: 'okta', service: 'okta', fields: ['eventtype', 'actor.alternateid', 'outcome.result']},
  {product: 'github', service: 'audit', fields: ['action', 'actor', '_document_id']},
  {product: 'bitbucket', service: 'audit', fields: ['audittype.category', 'audittype.action']},
  {product: 'gcp', service: 'gcp.audit', fields: ['protopayload.methodname', 'protopayload.servicename']},
  {product: 'azure', service: 'activitylogs', fields: ['operationname', 'resourceid', 'category']},
  {product: 'onelogin', service: 'onelogin.events', fields: ['event_type_id', 'account_id']},
  {product: 'opencanary', service: '', fields: ['logtype', 'node_id']},
  {product: 'rpc_firewall', service: '', fields: ['interfaceuuid', 'opnum']},
];

const programs: Readonly<Record<string, readonly string[]>> = {
  java: ['jvm', 'spring', 'velocity'],
  tomcat: ['jvm', 'spring', 'velocity'],
  catalina: ['jvm', 'spring', 'velocity'],
  gunicorn: ['python', 'django'],
  uwsgi: ['python', 'django'],
  rails: ['ruby_on_rails'],
  puma: ['ruby_on_rails'],
  node: ['nodejs'],
  mysqld: ['sql'],
  postgres: ['sql'],
  postgresql: ['sql'],
  mariadbd: ['sql'],
};

const mostViews = 500;
const views = new Map<string, View>();

/**
 * An application's own log. Where neither the record's form nor the program tells what the application is made with,
 * rules for any product may be meant: they look for words that only that product writes.
 */
export function applicationView(event: LogEvent, raw: RawFields): View {
  const shape = shapes.find(({fields}) => fields.every(field => raw.has(field)));
  const program = event.provider.toLowerCase();
  const products = shape ? [shape.product] : (programs[program] ?? ['*']);
  const [family = '', part = ''] = event.origin.dataset.toLowerCase().split(/\.(.*)/s);
  const services = [shape?.service ?? '', program, part, family].filter(word => word !== '' && word !== 'text');
  const named = family === '' || family === 'text' || products.includes('*') ? products : [...products, family];
  const key = `${named} ${services}`;
  const known = views.get(key);
  if (known) return known;
  const isDatabase = named.includes('sql');
  const made: View = {
    name: `application ${key}`,
    categories: isDatabase || named.includes('*') ? ['application', 'database'] : ['application'],
    products: named,
    services: [...new Set(services)],
    constants: new Map(),
    fields: aliased({user: 'user.name', host: 'host.name'}),
  };
  if (views.size < mostViews) views.set(key, made);
  return made;
}

const own = new Map<string, View>();

/** What this program itself reports: its watchers' findings and its samples. */
export function ownView(event: LogEvent): View {
  const {dataset} = event.origin;
  const known = own.get(dataset);
  if (known) return known;
  const made: View = {
    name: `siem ${dataset}`,
    categories: [],
    products: ['siem'],
    services: [dataset],
    constants: new Map(),
    fields: new Map(),
  };
  if (own.size < mostViews) own.set(dataset, made);
  return made;
}
