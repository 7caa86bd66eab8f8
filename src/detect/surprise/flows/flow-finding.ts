import {day, hour, minute, second} from '../../../event/clock.ts';
import type {Alert, FlowEvent, Micros, Rule} from '../../../event/event.ts';
import {networkOf} from './address-kind.ts';
import type {Spread} from './fan-out.ts';
import {durationOf} from './flow-letters.ts';
import type {New} from './novelty.ts';
import type {Excess} from './volumes.ts';

/** What the detector found unexpected of a flow, before it is words. */
export interface FlowFinding {
  readonly type: 'flow' | 'flow.new';
  readonly host: string;
  readonly entity: string;
  readonly flow: FlowEvent;
  readonly service: string;
  /** The flow's letter in words. */
  readonly came: string;
  readonly expected: readonly {readonly text: string; readonly probability: number}[];
  readonly nats: number;
  readonly threshold: number;
  readonly corroborators: readonly string[];
  /** The peer's newest letters before, oldest first. */
  readonly last: readonly string[];
}

const leastShown = 0.001;

const rules: Readonly<Record<FlowFinding['type'], Rule>> = {
  flow: {
    id: 'surprise.flow',
    name: 'Unexpected network flow',
    level: 'medium',
    category: 'Network Packet Anomaly',
    techniques: [],
  },
  'flow.new': {
    id: 'surprise.flow.new',
    name: 'Service or destination never seen before',
    level: 'medium',
    category: 'Network Packet Anomaly',
    techniques: [],
  },
};

/** The finding as an alert, with its explanation in a sentence. */
export function flowAlert(finding: FlowFinding): Alert {
  const {type, host, entity, flow} = finding;
  return {
    rule: rules[type],
    time: flow.last,
    host,
    entity,
    reason: reasonOf(finding),
    count: 1,
    event: flow,
    fields: fieldsOf(finding),
  };
}

/** What is new, in words. */
export function newText({kind, quiet, burst}: New, flow: FlowEvent): string {
  const since = `nothing of the kind was new for ${timeText(quiet)}`;
  const many = burst >= 3 ? `, and this is the ${ordinal(burst)} within ten minutes` : '';
  return `${subjectText(kind, flow)} (${burst > 1 ? 'one of several at once' : since}${many})`;
}

export function excessText({what, value, limit, inRow}: Excess): string {
  const long = inRow > 1 ? `, for the ${ordinal(inRow)} time in a row` : '';
  if (what === 'flows') return `${count(value)} flows in five minutes, where ${count(limit)} are the limit${long}`;
  return `${bytesText(value)} sent in five minutes, where ${bytesText(limit)} are the limit${long}`;
}

export function spreadText({places, most}: Spread, {sourceIp}: FlowEvent): string {
  return `${sourceIp} tried ${count(places)} places in vain within five minutes, where ${count(most)} were the most lately`;
}

function reasonOf(finding: FlowFinding): string {
  const {type, host, flow, service, came, nats, threshold, corroborators} = finding;
  const volume = `${bytesText(flow.bytesOut)} sent, ${bytesText(flow.bytesIn)} received in ${timeText(durationOf(flow))}`;
  const way = `from ${flow.sourceIp} to ${flow.destinationIp}${portText(flow)}`;
  const judged = type === 'flow' ? 'was not expected' : 'is of a kind never seen before';
  const measured = `It came as a surprise of ${nats.toFixed(1)} nats where ${threshold.toFixed(1)} are the limit`;
  return (
    `${service} on ${host}: a flow ${way} (${came}: ${volume}) ${judged}. ` +
    `Expected: ${expectedText(finding)}. ${measured}; ${corroborators.join('; ')}.`
  );
}

function fieldsOf(finding: FlowFinding): NonNullable<Alert['fields']> {
  const {flow} = finding;
  return {
    'surprise.nats': Math.round(finding.nats * 100) / 100,
    'surprise.threshold': Math.round(finding.threshold * 100) / 100,
    'surprise.expected': expectedText(finding),
    'surprise.last': finding.last.join(' → '),
    'surprise.agreed': finding.corroborators.join('; '),
    'source.ip': flow.sourceIp,
    'source.port': flow.sourcePort,
    'source.bytes': flow.bytesOut,
    'destination.ip': flow.destinationIp,
    'destination.port': flow.destinationPort,
    'destination.bytes': flow.bytesIn,
    'network.transport': flow.transport,
    'network.protocol': flow.service,
  };
}

function expectedText({expected}: FlowFinding): string {
  // What is next to impossible was not expected, whatever its place in the list.
  const likely = expected.filter(({probability}, at) => at === 0 || probability >= leastShown);
  if (likely.length === 0) return 'nothing in particular';
  return likely.map(({text, probability}) => `${text} (${percent(probability)})`).join('; ');
}

function subjectText(kind: New['kind'], flow: FlowEvent): string {
  const port = `${flow.transport}${portText(flow)}`;
  switch (kind) {
    case 'service':
      return `${port} was never used here`;
    case 'listener':
      return `${flow.destinationIp} never answered on ${port} before`;
    case 'pair':
      return `${flow.sourceIp} never spoke to ${flow.destinationIp}`;
    case 'port':
      return `${flow.sourceIp} never used ${port}`;
    case 'destination':
      return `${flow.sourceIp} never spoke to the network ${networkOf(flow.destinationIp)} so`;
    case 'network':
      return `${flow.sourceIp} never used this service outside the usual kind of network`;
    case 'client':
      return `nobody from the network ${networkOf(flow.sourceIp)} ever came`;
    case 'rhythm':
      return `${flow.sourceIp} never met ${flow.destinationIp} so regularly`;
    case 'size':
      return `${flow.sourceIp} never had a flow of this service with so much ${flow.bytesOut > flow.bytesIn ? 'sent' : 'received'}`;
    default:
      return kind satisfies never;
  }
}

function portText({transport, destinationPort}: FlowEvent): string {
  return transport === 'tcp' || transport === 'udp' ? `:${destinationPort}` : '';
}

function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = Math.max(0, bytes) || 0;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

function timeText(time: Micros): string {
  if (time < second) return 'under a second';
  if (time < 2 * minute) return `${Math.round(time / second)} s`;
  if (time < 2 * hour) return `${Math.round(time / minute)} min`;
  return time < 2 * day ? `${Math.round(time / hour)} h` : `${Math.round(time / day)} days`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function ordinal(number: number): string {
  const ends = ['th', 'st', 'nd', 'rd'] as const;
  const isTeen = Math.floor((number % 100) / 10) === 1;
  return `${number}${isTeen ? 'th' : (ends[number % 10] ?? 'th')}`;
}

function percent(probability: number): string {
  const value = probability * 100;
  return value >= 1 ? `${Math.round(value)} %` : `${value.toFixed(1)} %`;
}
