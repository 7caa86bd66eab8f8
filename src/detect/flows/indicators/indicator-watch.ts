import type {Event, FlowEvent, LogEvent, Micros} from '../../../event/event.ts';
import type {AlertLevel} from '../../../event/level.ts';
import {hostOf, textField} from '../../rules/log-field.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {domainOf, isAnswered} from '../destination.ts';
import {plainName} from '../registrable.ts';
import {flowRules} from '../rules.ts';
import type {SeenFlow} from '../seen-flows.ts';
import type {Find, Watcher} from '../watcher.ts';
import {parseIndicator, urlText} from './indicator.ts';
import type {Hit, Indicators} from './indicators.ts';
import {type ThingKind, textOf, thingKind, urlOfRow} from './named-things.ts';

const endsOfFlow: ReadonlySet<string> = new Set(['source.ip', 'destination.ip', 'client.ip']);
const nothing: ReadonlySet<string> = new Set();
/** Bits of a flow's memory: what of it was looked up. */
const looked = {destination: 1, source: 2, domain: 4, prints: 8} as const;
const mostFieldNames = 4_096;
const mostInOne = 16;

/** Whose event names a listed thing, and how. */
interface Meeting {
  readonly event: Event;
  readonly time: Micros;
  readonly host: string;
  /** The machine that is concerned. */
  readonly who: string;
  /** `destination of a connection from 192.168.1.20`. */
  readonly how: string;
  readonly level?: AlertLevel;
}

/**
 * What the user's lists of indicators name: addresses and blocks, domains and names below them, URLs, file hashes, JA3
 * and JA4, in flows and in every entry of a log that has such a field.
 */
export class IndicatorWatch implements Watcher {
  readonly name = 'indicators';
  indicators: Indicators | undefined;
  readonly #find: Find;
  readonly #fieldKinds = new SecondChanceMap<string, ThingKind | 'none'>(mostFieldNames);

  constructor(find: Find) {
    this.#find = find;
  }

  get isEmpty(): boolean {
    return this.indicators === undefined || this.indicators.table.size === 0;
  }

  onFlow(seen: SeenFlow): void {
    const {indicators} = this;
    if (!indicators || this.isEmpty) return;
    const {flow, memory} = seen;
    if ((memory.looked & looked.destination) === 0) {
      memory.looked |= looked.destination;
      this.#meet(indicators.address(flow.destinationIp), flow.destinationIp, () =>
        connection(flow, flow.sourceIp, 'destination of'),
      );
    }
    // Whoever knocks from outside is worth little; whether somebody opened is known later.
    if ((memory.looked & looked.source) === 0 && (flow.ended || isAnswered(flow))) {
      memory.looked |= looked.source;
      this.#meet(indicators.address(flow.sourceIp), flow.sourceIp, () =>
        connection(flow, flow.destinationIp, 'source of'),
      );
    }
    if (flow.fields) this.#onNames(flow, seen, indicators);
  }

  /** Of a row's ends its flow tells. */
  onRow(row: LogEvent): void {
    this.onLog(row, endsOfFlow);
  }

  onLog(event: LogEvent, except: ReadonlySet<string> = nothing): void {
    const {indicators} = this;
    const {fields} = event;
    if (!indicators || !fields || this.isEmpty) return;
    for (const name in fields) {
      const kind = this.#fieldKinds.getOrAdd(name, () => thingKind(name) ?? 'none');
      if (kind !== 'none' && !except.has(name)) this.#lookUp(kind, textOf(fields[name]), name, event, indicators);
    }
    const url = urlOfRow(event);
    if (url) this.#meetText('url', urlText(...url), 'url.original', event, indicators);
  }

  #onNames(flow: FlowEvent, {memory}: SeenFlow, indicators: Indicators): void {
    const name = domainOf(flow);
    if (name !== '' && (memory.looked & looked.domain) === 0) {
      memory.looked |= looked.domain;
      this.#meet(indicators.domain(name), name, () => connection(flow, flow.sourceIp, 'name of the destination of'));
    }
    const [ja3, ja4] = [textOf(flow.fields?.['tls.client.ja3']), textOf(flow.fields?.['tls.client.ja4'])];
    if ((ja3 === '' && ja4 === '') || (memory.looked & looked.prints) !== 0) return;
    memory.looked |= looked.prints;
    if (ja3 !== '') this.#meet(indicators.text('hash', ja3), ja3, () => connection(flow, flow.sourceIp, 'JA3 of'));
    if (ja4 !== '') this.#meet(indicators.text('ja4', ja4), ja4, () => connection(flow, flow.sourceIp, 'JA4 of'));
  }

  #lookUp(kind: ThingKind, value: string, name: string, event: LogEvent, indicators: Indicators): void {
    if (value === '') return;
    switch (kind) {
      case 'address':
        this.#meet(indicators.address(value), value, () => inField(event, name));
        return;
      case 'domain': {
        const plain = plainName(value);
        this.#meet(indicators.domain(plain), plain, () => inField(event, name));
        return;
      }
      case 'addresses':
        for (const one of value.split(/[,;\s]+/, mostInOne))
          this.#meet(indicators.address(one), one, () => inField(event, name));
        return;
      case 'hashes':
        for (const one of value.split(',', mostInOne))
          this.#meetText('hash', one.slice(one.indexOf('=') + 1), name, event, indicators);
        return;
      case 'url': {
        const url = parseIndicator(value);
        if (url.kind === 'url') this.#meetText('url', url.text, name, event, indicators);
        return;
      }
      case 'hash':
      case 'ja4':
        this.#meetText(kind, value, name, event, indicators);
        return;
      default:
        kind satisfies never;
    }
  }

  #meetText(kind: 'url' | 'hash' | 'ja4', value: string, name: string, event: LogEvent, indicators: Indicators): void {
    this.#meet(indicators.text(kind, value), value, () => inField(event, name));
  }

  #meet(hit: Hit | undefined, value: string, meeting: () => Meeting): void {
    if (!hit) return;
    const {event, time, host, who, how, level} = meeting();
    const said = hit.description === '' ? '' : `: ${hit.description}`;
    const line = hit.line === '' ? ', which has changed since it was read' : `, line "${hit.line.slice(0, 160)}"`;
    this.#find({
      rule: flowRules.indicator,
      level: level ?? hit.level ?? flowRules.indicator.level,
      time,
      host,
      entity: `${hit.domain || value} ${who}`,
      event,
      reason: total =>
        `${value} (${how}) is on the list ${hit.list}${line}${said}${total > 1 ? `; ${total} times so far` : ''}.`,
      fields: {
        'threat.indicator.name': value,
        'threat.feed.name': hit.list,
        'threat.indicator.description': hit.description,
      },
    });
  }
}

function connection(flow: FlowEvent, other: string, what: string): Meeting {
  const isKnock = what === 'source of' && !isAnswered(flow);
  return {
    ...{event: flow, time: flow.last, host: flow.origin.host, who: other},
    how: `${what} a connection ${what === 'source of' ? 'to' : 'from'} ${other}${isKnock ? ' that was not answered' : ''}`,
    ...(isKnock ? {level: 'low' as const} : {}),
  };
}

function inField(event: LogEvent, name: string): Meeting {
  const client = name === 'source.ip' ? '' : textField(event, 'source.ip');
  const who = client || hostOf(event);
  return {
    event,
    time: event.time,
    host: hostOf(event),
    who,
    how: `${name} of ${event.provider || event.origin.dataset}, ${who}`,
  };
}
