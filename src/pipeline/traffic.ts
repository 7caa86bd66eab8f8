import {hour, minute} from '../event/clock.ts';
import type {Event, FlowEvent, Micros, Origin} from '../event/event.ts';
import {HeavyHitters} from './heavy-hitters.ts';
import {MinuteSum} from './minute-sum.ts';
import type {ConversationRow, Snapshot, TalkerRow} from './snapshot.ts';

export const shownConversations = 200;
export const shownTalkers = 50;
const keptConversations = 2_000;
const keptTalkers = 1_000;

interface Conversation {
  readonly id: string;
  readonly minute: MinuteSum;
  flow: FlowEvent;
}

interface Talker {
  readonly address: string;
  readonly minute: MinuteSum;
  bytesOut: number;
  bytesIn: number;
  packetsOut: number;
  packetsIn: number;
  flows: number;
  last: Micros;
}

/** What a report of a flow adds to those before it. */
interface Growth {
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
}

/**
 * Who talks with whom, from the reports of flows: the heaviest of the last minute, in bounded memory. A report replaces
 * the one before it, so what counts is the difference. Of a flow met in the middle of its life its mean over a minute
 * counts.
 */
export class Traffic {
  /** Event time of the newest packet. */
  newest: Micros = 0;
  #now: Micros = 0;
  readonly #all = new MinuteSum();
  readonly #origins = new WeakMap<Origin, number>();
  #originCount = 0;
  readonly #conversations = new HeavyHitters<Conversation>(keptConversations, ({minute: sum, flow}) => [
    sum.bytes(this.#now),
    flow.bytesOut + flow.bytesIn,
  ]);
  readonly #talkers = new HeavyHitters<Talker>(keptTalkers, ({minute: sum, bytesIn, bytesOut}) => [
    sum.bytes(this.#now),
    bytesOut + bytesIn,
  ]);

  /** Returns whether there were flows among the events. */
  add(events: readonly Event[]): boolean {
    let any = false;
    for (const event of events) {
      if (event.kind !== 'flow') continue;
      any = true;
      this.#addFlow(event);
    }
    return any;
  }

  /**
   * The heaviest of the last minute, without those that were last heard of an hour ago. In a replay that minute is the
   * one before the newest packet, and nothing is too old: files may be of different years.
   */
  rows(now: Micros | 'replay'): Pick<Snapshot, 'conversations' | 'talkers'> {
    if (now === 'replay') return this.#heaviest(this.newest);
    this.#conversations.drop(({flow}) => flow.last < now - hour);
    this.#talkers.drop(({last}) => last < now - hour);
    return this.#heaviest(now);
  }

  #heaviest(now: Micros): Pick<Snapshot, 'conversations' | 'talkers'> {
    this.#now = now;
    const all = this.#all.bytes(now);
    return {
      conversations: this.#conversations.top(shownConversations).map(known => conversationRow(known, now)),
      talkers: this.#talkers.top(shownTalkers).map(talker => talkerRow(talker, all, now)),
    };
  }

  #addFlow(flow: FlowEvent): void {
    this.newest = Math.max(this.newest, flow.last);
    this.#now = Math.max(this.#now, flow.last);
    const id = `${this.#numberOf(flow.origin)}:${flow.position}`;
    const known = this.#conversations.get(id);
    const growth = known ? difference(flow, known.flow) : shareOfMinute(flow);
    if (known) known.flow = flow;
    const conversation = known ?? {id, flow, minute: new MinuteSum()};
    const [bytes, packets] = [growth.bytesOut + growth.bytesIn, growth.packetsOut + growth.packetsIn];
    conversation.minute.add(flow.last, bytes, packets);
    this.#all.add(flow.last, bytes, packets);
    if (!known) this.#conversations.add(id, conversation);
    this.#talk(flow.sourceIp, growth, flow.last, !known);
    const {bytesOut, bytesIn, packetsOut, packetsIn} = growth;
    const back = {bytesOut: bytesIn, bytesIn: bytesOut, packetsOut: packetsIn, packetsIn: packetsOut};
    if (flow.destinationIp !== flow.sourceIp) this.#talk(flow.destinationIp, back, flow.last, !known);
  }

  #talk(address: string, growth: Growth, time: Micros, isNew: boolean): void {
    // Many flows folded into one have no address at one end; nor has who asks for its first one.
    if (address === '' || address === '0.0.0.0' || address === '::') return;
    const talker = this.#talkers.get(address) ?? this.#newTalker(address);
    talker.bytesOut += growth.bytesOut;
    talker.bytesIn += growth.bytesIn;
    talker.packetsOut += growth.packetsOut;
    talker.packetsIn += growth.packetsIn;
    talker.last = Math.max(talker.last, time);
    if (isNew) talker.flows++;
    talker.minute.add(time, growth.bytesOut + growth.bytesIn, growth.packetsOut + growth.packetsIn);
  }

  #newTalker(address: string): Talker {
    const sums = {bytesOut: 0, bytesIn: 0, packetsOut: 0, packetsIn: 0};
    const talker: Talker = {address, minute: new MinuteSum(), ...sums, flows: 0, last: 0};
    this.#talkers.add(address, talker);
    return talker;
  }

  #numberOf(origin: Origin): number {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    this.#originCount++;
    this.#origins.set(origin, this.#originCount);
    return this.#originCount;
  }
}

function difference(flow: FlowEvent, before: FlowEvent): Growth {
  return {
    bytesOut: Math.max(0, flow.bytesOut - before.bytesOut),
    bytesIn: Math.max(0, flow.bytesIn - before.bytesIn),
    packetsOut: Math.max(0, flow.packetsOut - before.packetsOut),
    packetsIn: Math.max(0, flow.packetsIn - before.packetsIn),
  };
}

function shareOfMinute({time, last, bytesOut, bytesIn, packetsOut, packetsIn}: FlowEvent): Growth {
  const share = minute / Math.max(minute, last - time);
  const part = (sum: number) => (share === 1 ? sum : Math.round(sum * share));
  return {
    bytesOut: part(bytesOut),
    bytesIn: part(bytesIn),
    packetsOut: part(packetsOut),
    packetsIn: part(packetsIn),
  };
}

function conversationRow({id, flow, minute: sum}: Conversation, now: Micros): ConversationRow {
  return {
    id,
    time: flow.time,
    last: flow.last,
    ended: flow.ended,
    transport: flow.transport,
    service: flow.service,
    process: textOf(flow.fields?.['process.name']),
    host: textOf(flow.fields?.['destination.domain']),
    source: flow.sourceIp,
    sourcePort: flow.sourcePort,
    destination: flow.destinationIp,
    destinationPort: flow.destinationPort,
    interface: flow.interface,
    bytesOut: flow.bytesOut,
    bytesIn: flow.bytesIn,
    packetsOut: flow.packetsOut,
    packetsIn: flow.packetsIn,
    state: flow.state,
    minuteBytes: sum.bytes(now),
    minutePackets: sum.packets(now),
  };
}

function talkerRow({minute: sum, ...talker}: Talker, all: number, now: Micros): TalkerRow {
  const minuteBytes = sum.bytes(now);
  return {
    ...talker,
    minuteBytes,
    minutePackets: sum.packets(now),
    share: all === 0 ? 0 : Math.min(1, minuteBytes / all),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 256) : '';
}
