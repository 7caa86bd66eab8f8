import {type Settings, settingsSchema} from '../../config/settings.ts';
import {minute} from '../../event/clock.ts';
import type {Alert, Event, FlowEvent, LogEvent, Micros, Origin} from '../../event/event.ts';
import {type FlowParts, generatedFlow} from '../surprise/flows/generated-flow.ts';
import {NetworkWatch} from './network-watch.ts';

export const start = Date.UTC(2026, 0, 5) * 1000;
export const {network} = settingsSchema.parse({});

const rows: Origin = {agent: 'a', host: 'alpha', source: 'packets:eth0', epoch: '1/rows', dataset: 'dns'};
let position = 0;

export interface Asked {
  readonly client?: string;
  readonly type?: string;
  readonly code?: string;
  readonly port?: number;
  readonly host?: string;
}

/** A row of DNS. */
export function dns(time: Micros, name: string, asked: Asked = {}): LogEvent {
  const {client = '192.168.1.20', type = 'A', code = 'NOERROR', port = 53, host = 'alpha'} = asked;
  return {
    ...{kind: 'log', origin: {...rows, host}, position: ++position, time, ingested: time, level: 6, code: 0},
    ...{provider: 'dns', message: `${type} ${name}`},
    fields: {
      ...{'source.ip': client, 'destination.ip': '192.168.1.1', 'destination.port': port},
      ...{'dns.question.name': name, 'dns.question.type': type, 'dns.response_code': code},
    },
  };
}

/** An answered flow with the handshake seen, told at its end. */
export function flow(parts: FlowParts): FlowEvent {
  return generatedFlow({
    ...{position: ++position, destinationIp: '203.0.113.7', service: 'https', history: 'ShADadfF'},
    ...{bytesOut: 600, bytesIn: 900},
    ...parts,
  });
}

/** One harmless flow each hour for so long: the network is learned by then. */
export function quietDays(hours: number, from: Micros = start): FlowEvent[] {
  return Array.from({length: hours}, (_, at) =>
    flow({time: from + at * 60 * minute, destinationIp: '192.168.1.1', destinationPort: 53, transport: 'udp'}),
  );
}

export function watching(more: Partial<Settings['network']> = {}, learns = true): NetworkWatch {
  return new NetworkWatch({...network, ...more}, {learns});
}

/** Alerts of one rule, in batches of a few events each. */
export function alertsOf(rule: string, watch: NetworkWatch, events: readonly Event[]): Alert[] {
  const found: Alert[] = [];
  for (let at = 0; at < events.length; at += 50) found.push(...watch.onEvents(events.slice(at, at + 50)));
  return found.filter(alert => alert.rule.id === rule);
}

/** As after a restart. */
export function restarted(watch: NetworkWatch): NetworkWatch {
  const next = new NetworkWatch(network);
  next.restore(JSON.parse(JSON.stringify(watch.save())));
  return next;
}
