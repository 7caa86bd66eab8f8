import type {LogEvent} from '../../../event/event.ts';
import {valuesOf} from '../value.ts';
import {view} from './network.ts';
import type {RawFields} from './raw-fields.ts';
import {aliased, type FieldReader, type View} from './view.ts';

const first =
  (...names: readonly string[]): FieldReader =>
  raw => {
    const name = names.find(candidate => raw.has(candidate));
    return name === undefined ? undefined : raw.get(name);
  };

const zeekAddresses = {src_ip: 'id.orig_h', src_port: 'id.orig_p', dst_ip: 'id.resp_h', dst_port: 'id.resp_p'};
const zeekNames = aliased({
  ...zeekAddresses,
  'source.ip': 'id.orig_h',
  'source.port': 'id.orig_p',
  'destination.ip': 'id.resp_h',
  'destination.port': 'id.resp_p',
  'dns.question.name': 'query',
  'dns.question.type': 'qtype_name',
  'dns.answers.data': 'answers',
  record_type: 'qtype_name',
  answer: 'answers',
});

/** Requests that Zeek or Suricata saw are what a proxy or a web server would log. */
export function requestNames(names: {
  method: string;
  uri: string;
  host: string;
  agent: string;
  status: string;
  referrer: string;
}) {
  const whole: FieldReader = raw => {
    const [uri, host] = [raw.get(names.uri), raw.get(names.host)];
    return typeof uri === 'string' && typeof host === 'string' && !uri.includes('://')
      ? [uri, `http://${host}${uri}`]
      : uri;
  };
  return new Map([
    ...aliased({
      'cs-method': names.method,
      'cs-uri': names.uri,
      'cs-uri-stem': names.uri,
      'cs-uri-query': names.uri,
      'c-uri-query': names.uri,
      'cs-host': names.host,
      'r-dns': names.host,
      'cs-user-agent': names.agent,
      'c-useragent': names.agent,
      'sc-status': names.status,
      'cs-referer': names.referrer,
      'cs-referrer': names.referrer,
    }),
    ['c-uri', whole],
  ]);
}

const zeekRequest = {
  method: 'method',
  uri: 'uri',
  host: 'host',
  agent: 'user_agent',
  status: 'status_code',
  referrer: 'referrer',
};

export const zeekCategories: Readonly<Record<string, readonly string[]>> = {
  dns: ['dns', 'network'],
  http: ['proxy', 'webserver'],
  conn: ['firewall', 'network'],
};

const mostViews = 500;
const views = new Map<string, View>();

function cached(name: string, make: () => View): View {
  const known = views.get(name);
  if (known) return known;
  const made = make();
  if (views.size < mostViews) views.set(name, made);
  return made;
}

/** A record of one of Zeek's logs, as JSON; which log is told by `_path`, the dataset or the file's name. */
export function zeekView(event: LogEvent, raw: RawFields): View | undefined {
  const path = String(raw.get('_path') ?? '');
  const dataset = /^zeek\.(\w+)$/.exec(event.origin.dataset)?.[1];
  if (path === '' && dataset === undefined && !raw.has('id.orig_h')) return undefined;
  const log = (dataset ?? path) || event.provider.replace(/\.log$/, '');
  // The reader of JSON lines takes these as the program's name, the host's and the user's.
  if (!raw.has('host') && event.host !== undefined) raw.set('host', event.host);
  for (const name of ['name', 'service']) if (!raw.has(name)) raw.set(name, event.provider);
  return cached(`zeek ${log}`, () =>
    view(`zeek ${log}`, {
      products: ['zeek'],
      services: log === 'conn' ? [log, 'connection'] : [log],
      categories: zeekCategories[log] ?? [],
      fields: log === 'http' ? new Map([...zeekNames, ...requestNames(zeekRequest)]) : zeekNames,
    }),
  );
}

const eveNames = new Map<string, FieldReader>([
  ...aliased({dst_ip: 'dest_ip', dst_port: 'dest_port', protocol: 'proto', 'source.ip': 'src_ip'}),
  ...aliased({'source.port': 'src_port', 'destination.ip': 'dest_ip', 'destination.port': 'dest_port'}),
  ['query', first('dns.rrname', 'dns.query.rrname', 'dns.queries.rrname')],
  ['dns.question.name', first('dns.rrname', 'dns.query.rrname', 'dns.queries.rrname')],
  ['record_type', first('dns.rrtype', 'dns.query.rrtype')],
  ['dns.question.type', first('dns.rrtype', 'dns.query.rrtype')],
  ['answer', first('dns.rdata', 'dns.answers')],
  ['blocked', raw => (raw.has('alert.action') ? String(raw.get('alert.action') === 'blocked') : undefined)],
]);

const eveRequest = {
  method: 'http.http_method',
  uri: 'http.url',
  host: 'http.hostname',
  agent: 'http.http_user_agent',
  status: 'http.status',
  referrer: 'http.http_refer',
};

export const eveCategories: Readonly<Record<string, readonly string[]>> = {
  dns: ['dns', 'network'],
  http: ['proxy', 'webserver'],
  flow: ['firewall', 'network'],
  netflow: ['firewall', 'network'],
  drop: ['firewall'],
};

/** A record of Suricata's EVE log. */
export function eveView(raw: RawFields): View | undefined {
  const [type] = valuesOf(raw.get('event_type'));
  if (typeof type !== 'string' || !raw.has('src_ip') || !raw.has('dest_ip')) return undefined;
  return cached(`suricata ${type}`, () =>
    view(`suricata ${type}`, {
      products: ['suricata'],
      services: type === 'flow' ? [type, 'connection', 'netflow'] : [type],
      categories: eveCategories[type] ?? [],
      fields: type === 'http' ? new Map([...eveNames, ...requestNames(eveRequest)]) : eveNames,
    }),
  );
}
