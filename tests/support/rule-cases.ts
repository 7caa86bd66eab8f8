import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {LineFeed} from '../../src/capture/logs/line-feed.ts';
import {second} from '../../src/event/clock.ts';
import type {Event, FlowEvent, LogEvent, Micros, Origin} from '../../src/event/event.ts';

const value = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(z.string(), value);

/** One happening: lines of a log, a Windows event, a conversation, or a report of this program's own. */
const happening = z.strictObject({
  /** Under /var/log; with `raw`, one line or several. */
  file: z.string().optional(),
  raw: z.union([z.string(), z.array(z.string())]).optional(),
  windows: z.strictObject({channel: z.string(), code: z.number(), provider: z.string(), data: values}).optional(),
  flow: values.optional(),
  /** The fields of an event with the provider `siem`; its dataset is `watch` unless given. */
  own: values.optional(),
  dataset: z.string().optional(),
  /** Seconds after the case's beginning. */
  after: z.number().default(0),
  /** So often, with so many seconds between; `<n>` in any text is the number. */
  times: z.number().default(1),
  every: z.number().default(1),
});

const caseForm = z.union([
  z.strictObject({expect: z.boolean(), also: z.array(z.string()).default([]), events: z.array(happening)}),
  happening.extend({expect: z.boolean(), also: z.array(z.string()).default([])}),
]);

type Happening = z.infer<typeof happening>;

export interface RuleCase {
  /** The rule's file below `rules/`, without its ending: `linux/reverse-shell`. */
  readonly rule: string;
  readonly line: number;
  readonly expect: boolean;
  /** Other rules that fire on these events too. */
  readonly also: readonly string[];
  readonly events: readonly Event[];
}

/** What is kept beside the rules for testing them: `tests/rules/NAME.events.ndjson`, a case a line. */
export function readRuleCases(folder: string): RuleCase[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter(path => path.endsWith('.events.ndjson'))
    .sort()
    .flatMap(path => {
      const lines = readFileSync(join(folder, path), 'utf8').trimEnd().split('\n');
      return lines.map((text, index) => readCase(path.slice(0, -'.events.ndjson'.length), index + 1, text));
    });
}

function readCase(rule: string, line: number, text: string): RuleCase {
  const form = caseForm.parse(JSON.parse(text));
  const happenings = 'events' in form ? form.events : [form];
  return {rule, line, expect: form.expect, also: form.also, events: new CaseEvents().make(happenings)};
}

const agent = '00000000-0000-4000-8000-000000000001';
const host = 'web1';
const begin = Date.UTC(2026, 2, 2, 10, 14, 7) * 1000;

/** Makes the events that the product's own sources would make of what a case tells. */
class CaseEvents {
  readonly #feeds = new Map<string, LineFeed>();
  #count = 0;

  make(happenings: readonly Happening[]): Event[] {
    const events: Event[] = [];
    for (const one of happenings) {
      for (let number = 0; number < one.times; number++) {
        const time = begin + (one.after + number * one.every) * second;
        const numbered = JSON.parse(JSON.stringify(one).replaceAll('<n>', String(number))) as Happening;
        events.push(...this.#events(numbered, time));
      }
    }
    return events;
  }

  #events(one: Happening, time: Micros): Event[] {
    if (one.raw !== undefined) return [one.raw].flat().map(line => this.#line(one.file ?? 'syslog', line, time));
    if (one.windows) return [this.#windows(one.windows, time)];
    if (one.flow) return [this.#flow(one.flow, time)];
    if (one.own) return [this.#own(one.own, one.dataset ?? 'watch', time)];
    throw new Error('expected `raw`, `windows`, `flow` or `own` in a case');
  }

  #line(file: string, text: string, time: Micros): Event {
    const path = `/var/log/${file}`;
    const context = {
      agent,
      host,
      position: undefined,
      backfillFrom: 0,
      clock: () => time,
      news: () => {},
    };
    const feed = this.#feeds.get(file) ?? new LineFeed({path, source: `file:${path}`, namePath: false}, context);
    this.#feeds.set(file, feed);
    feed.add(stamped(text, time), this.#count++, false, {epoch: '1', reference: time, notBefore: 0});
    const [event] = feed.take().events;
    if (!event) throw new Error(`expected an event of the line: ${text}`);
    return event;
  }

  #windows(event: NonNullable<Happening['windows']>, time: Micros): LogEvent {
    const {channel, code, provider, data} = event;
    const named = Object.entries(data).map(([name, one]) => [`winlog.event_data.${name}`, one]);
    return {
      ...this.#base(`winlog:${channel}`, 'winlog', time),
      code,
      provider,
      host: 'WS14',
      fields: {
        'winlog.channel': channel,
        'winlog.provider_name': provider,
        'winlog.computer_name': 'WS14.corp.example',
        'winlog.record_id': this.#count,
        ...Object.fromEntries(named),
      },
    };
  }

  #own(fields: Readonly<Record<string, string | number | boolean>>, dataset: string, time: Micros): LogEvent {
    return {...this.#base('watch:files', dataset, time), level: 5, provider: 'siem', fields};
  }

  #base(source: string, dataset: string, time: Micros): LogEvent {
    const origin: Origin = {agent, host, source, epoch: '1', dataset};
    const position = this.#count++;
    return {kind: 'log', origin, position, time, ingested: time, level: 6, code: 0, provider: '', message: ''};
  }

  #flow({seconds = 1, ...facts}: Readonly<Record<string, string | number | boolean>>, time: Micros): FlowEvent {
    return {
      kind: 'flow',
      origin: {agent, host, source: 'packets:eth0', epoch: '1', dataset: 'flow'},
      position: this.#count++,
      time,
      ingested: time,
      last: time + Number(seconds) * second,
      ended: true,
      transport: 'tcp',
      service: '',
      sourceIp: '',
      sourcePort: 50_122,
      sourceMac: '52:54:00:aa:bb:01',
      destinationIp: '',
      destinationPort: 0,
      destinationMac: '52:54:00:aa:bb:02',
      interface: 'eth0',
      vlan: 0,
      packetsOut: 9,
      bytesOut: 0,
      packetsIn: 9,
      bytesIn: 0,
      state: 'SF',
      history: '',
      ...facts,
    };
  }
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** Puts the event's time where a line says `<clock>` (ISO), `<web>` (access logs) or `<epoch>` (seconds). */
function stamped(text: string, time: Micros): string {
  const date = new Date(time / 1000);
  const iso = date.toISOString();
  const web = `${iso.slice(8, 10)}/${months[date.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  return text
    .replaceAll('<clock>', iso.replace('Z', '000+00:00'))
    .replaceAll('<web>', web)
    .replaceAll('<epoch>', (time / 1e6).toFixed(6));
}
