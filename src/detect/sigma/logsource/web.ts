import type {LogEvent} from '../../../event/event.ts';
import type {SigmaValue} from '../value.ts';
import type {RawFields} from './raw-fields.ts';
import {aliased, type FieldReader, type View} from './view.ts';

/** Whether an entry is one request to a web server or through a proxy, under ECS names or those of W3C's format. */
export function isRequest(raw: RawFields): boolean {
  if (raw.has('cs-method') || raw.has('c-uri') || raw.has('cs-uri-stem')) return true;
  return (
    raw.has('http.response.status_code') &&
    (raw.has('http.request.method') || raw.has('url.path') || raw.has('url.original'))
  );
}

const target = (raw: RawFields): SigmaValue | undefined => {
  const path = raw.get('url.path');
  const query = raw.get('url.query');
  if (path === undefined) return raw.get('url.original');
  return query === undefined || query === '' ? path : `${path}?${query}`;
};

/** Rules look in the query for parts of the path too, so it is the query and, beside it, all that was asked for. */
const query: FieldReader = raw => {
  const [own, whole] = [raw.get('url.query'), target(raw)];
  if (own === undefined || whole === undefined) return own ?? whole;
  return typeof own === 'object' || typeof whole === 'object' ? own : [own, whole];
};

/** `http://host/path?query` of a proxy; the path and query where no host is known. */
const address: FieldReader = raw => {
  const whole = target(raw);
  const full = raw.get('url.full');
  if (full !== undefined) return full;
  const host = raw.get('url.domain') ?? raw.get('http.request.host');
  if (host === undefined || typeof whole !== 'string' || whole.includes('://')) return whole;
  return [whole, `${raw.get('url.scheme') ?? 'http'}://${host}${whole}`];
};

const extension: FieldReader = raw => {
  const path = raw.get('url.path');
  return typeof path === 'string' ? /\.([A-Za-z0-9]{1,16})$/.exec(path)?.[1] : raw.get('url.extension');
};

function orOwn(name: string, reader: FieldReader): FieldReader {
  return (raw, event) => raw.get(name) ?? reader(raw, event);
}

const requestFields: ReadonlyMap<string, FieldReader> = new Map([
  ...aliased({
    'c-ip': 'source.ip',
    src_ip: 'source.ip',
    dst_ip: 'destination.ip',
    's-ip': 'destination.ip',
    's-port': 'destination.port',
    's-computername': 'host.name',
    'cs-method': 'http.request.method',
    'cs-uri-stem': 'url.path',
    'c-uri-stem': 'url.path',
    'sc-status': 'http.response.status_code',
    'sc-bytes': 'http.response.body.bytes',
    'cs-bytes': 'http.request.body.bytes',
    'cs-user-agent': 'user_agent.original',
    'c-useragent': 'user_agent.original',
    'cs-referer': 'http.request.referrer',
    'cs-referrer': 'http.request.referrer',
    'cs-version': 'http.version',
    'cs-username': 'user.name',
    'cs-cookie': 'http.request.headers.cookie',
    'cs-content-type': 'http.request.mime_type',
  }),
  ['cs-host', orOwn('cs-host', raw => raw.get('url.domain') ?? raw.get('http.request.host'))],
  ['r-dns', orOwn('r-dns', raw => raw.get('url.domain') ?? raw.get('http.request.host'))],
  ['cs-uri', orOwn('cs-uri', target)],
  ['c-uri', orOwn('c-uri', address)],
  ['cs-uri-query', orOwn('cs-uri-query', query)],
  ['c-uri-query', orOwn('c-uri-query', query)],
  ['c-uri-extension', orOwn('c-uri-extension', extension)],
]);

const views = new Map<string, View>();

/** A line of an access log: a web server's, or a proxy's where its name says so. */
export function requestView(event: LogEvent, raw: RawFields): View {
  const name = `${event.origin.dataset} ${event.provider}`.toLowerCase();
  const server = /nginx/.test(name) ? 'nginx' : /apache|httpd/.test(name) ? 'apache' : '';
  const isProxy = raw.has('c-uri') || raw.has('r-dns') || /proxy|squid|zscaler|bluecoat/.test(name);
  const category = isProxy ? 'proxy' : 'webserver';
  return made(category, server, 'access');
}

/** A line of a web server's error log. */
export function errorView(event: LogEvent): View | undefined {
  const [server, log] = event.origin.dataset.split('.');
  const program = server === 'nginx' || server === 'apache' ? server : event.provider.toLowerCase();
  if (program !== 'nginx' && program !== 'apache' && program !== 'apache2' && program !== 'httpd') return undefined;
  return log === 'access' ? undefined : made('', program === 'nginx' ? 'nginx' : 'apache', 'error');
}

function made(category: string, server: string, log: string): View {
  const key = `${category} ${server} ${log}`;
  const known = views.get(key);
  if (known) return known;
  const view: View = {
    name: key.trim(),
    categories: category === '' ? [] : [category],
    products: server === '' ? [] : [server],
    services: server === '' ? [log] : [server, log],
    constants: new Map(),
    fields: category === '' ? new Map() : requestFields,
  };
  views.set(key, view);
  return view;
}
