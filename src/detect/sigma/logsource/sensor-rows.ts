import {eveNames, eveTypeOf} from '../../../capture/logs/sensors/eve/eve-names.ts';
import {zeekLog, zeekPathOf} from '../../../capture/logs/sensors/zeek/zeek-names.ts';
import type {Event, FlowEvent, LogEvent} from '../../../event/event.ts';
import {fold} from '../match/fold.ts';
import {answers, view} from './network.ts';
import {attribute, type RawFields} from './raw-fields.ts';
import {eveCategories, requestNames, zeekCategories} from './sensors.ts';
import {aliased, type FieldReader, type View} from './view.ts';

/** Names that rules about any network log use, by the name that rows have. */
const common = {
  src_ip: 'source.ip',
  src_port: 'source.port',
  dst_ip: 'destination.ip',
  dst_port: 'destination.port',
  protocol: 'network.transport',
  username: 'user.name',
};

const request = {
  method: 'http.request.method',
  uri: 'url.original',
  host: 'http.request.host',
  agent: 'user_agent.original',
  status: 'http.response.status_code',
  referrer: 'http.request.referrer',
};

const lookup = {query: 'dns.question.name', record_type: 'dns.question.type'};

const mostViews = 500;
const views = new Map<string, View>();

/**
 * A row or conversation that Zeek or Suricata told, under the sensor's own names and those that rules about any such log
 * use; undefined where it is none.
 */
export function sensorRowView(event: LogEvent | FlowEvent, raw: RawFields): View | undefined {
  const product = raw.get('observer.product');
  if (product !== 'zeek' && product !== 'suricata') return undefined;
  const {dataset} = event.origin;
  const name = `${product} ${dataset} ${event.kind}`;
  const known = views.get(name);
  if (known) return known;
  const made = product === 'zeek' ? zeekRow(dataset, event.kind) : eveRow(dataset, event.kind);
  if (views.size < mostViews) views.set(name, made);
  return made;
}

function zeekRow(dataset: string, kind: Event['kind']): View {
  const log = kind === 'flow' ? 'conn' : (zeekPathOf(dataset) ?? dataset);
  const own = new Map<string, FieldReader>(kind === 'flow' ? aliased(zeekFlowNames) : []);
  for (const [column, name] of zeekLog(log).names) own.set(fold(column), readerOf(fold(column), name));
  return view(`zeek ${log}`, {
    products: ['zeek'],
    services: log === 'conn' ? [log, 'connection'] : [log],
    // A conversation is one of the network's already.
    categories: kind === 'flow' ? [] : (zeekCategories[log] ?? []),
    fields: new Map([
      ...aliased({...common, ...(log === 'dns' ? lookup : {})}),
      ...(log === 'http' ? requestNames(request) : []),
      ...own,
      ...(log === 'dns'
        ? ([
            ['answer', answers],
            ['answers', answers],
          ] as const)
        : []),
    ]),
  });
}

const zeekFlowNames = {
  proto: 'network.transport',
  service: 'network.protocol',
  duration: 'event.duration',
  conn_state: 'network.state',
  history: 'network.history',
  orig_pkts: 'source.packets',
  orig_ip_bytes: 'source.bytes',
  resp_pkts: 'destination.packets',
  resp_ip_bytes: 'destination.bytes',
  vlan: 'network.vlan.id',
};

function eveRow(dataset: string, kind: Event['kind']): View {
  const type = kind === 'flow' ? 'flow' : eveTypeOf(dataset);
  const own = new Map<string, FieldReader>([
    ['event_type', () => type],
    ['app_proto', raw => raw.get('network.protocol')],
    ['blocked', raw => (raw.has('alert.action') ? String(raw.get('alert.action') === 'blocked') : undefined)],
    ...aliased(kind === 'flow' ? eveFlowNames : {}),
    ...aliased({...eveDnsNames, ...(type === 'dns' ? lookup : {})}),
    ...(type === 'dns'
      ? ([
          ['answer', answers],
          ['dns.rdata', answers],
        ] as const)
      : []),
  ]);
  for (const [field, name] of eveNames) own.set(fold(field), readerOf(fold(field), name));
  return view(`suricata ${type}`, {
    products: ['suricata'],
    services: type === 'flow' ? [type, 'connection', 'netflow'] : [type],
    categories: kind === 'flow' ? [] : (eveCategories[type] ?? []),
    fields: new Map([...aliased(common), ...(type === 'http' ? requestNames(request) : []), ...own]),
  });
}

const eveFlowNames = {
  'flow.pkts_toserver': 'source.packets',
  'flow.bytes_toserver': 'source.bytes',
  'flow.pkts_toclient': 'destination.packets',
  'flow.bytes_toclient': 'destination.bytes',
  'flow.age': 'event.duration',
};

const eveDnsNames = {
  'dns.rrname': 'dns.question.name',
  'dns.query.rrname': 'dns.question.name',
  'dns.queries.rrname': 'dns.question.name',
  'dns.rrtype': 'dns.question.type',
  'dns.rcode': 'dns.response_code',
};

/** As the sensor wrote it where that stands beside, else as it is called here. */
function readerOf(field: string, name: string): FieldReader {
  return (raw, event) => raw.get(field) ?? raw.get(name) ?? attribute(event, name);
}
