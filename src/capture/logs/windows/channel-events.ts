import type {LogEvent, Micros, Origin} from '../../../event/event.ts';
import {Levels} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import type {SourceContext} from '../../source.ts';
import {type ChannelPosition, epochOf} from './channel-position.ts';
import {channelSource} from './channels.ts';
import {WindowsEntry} from './windows-entry.ts';
import {datasetOf, winlogEvent} from './winlog-event.ts';
import {readEventXml} from './xml/read-event.ts';

/** What tells a record from others of its log. */
export interface RecordMark {
  readonly record: number;
  readonly time: Micros;
}

/** Makes events of a channel's XML. */
export class ChannelEvents {
  readonly #channel: string;
  readonly #context: SourceContext;
  readonly #entry = new WindowsEntry();
  #origin: Origin | undefined;

  constructor(channel: string, context: SourceContext) {
    this.#channel = channel;
    this.#context = context;
  }

  /** Number and time of an event's record; undefined where the text is no event, or of none that has a number. */
  read(xml: string): RecordMark | undefined {
    this.#entry.reset();
    if (!readEventXml(xml, this.#entry)) return undefined;
    const {recordId: record, time} = this.#entry;
    if (!Number.isSafeInteger(record) || record <= 0) return undefined;
    const isPossible = time !== undefined && Number.isSafeInteger(time) && time >= 0;
    return {record, time: isPossible ? time : this.#context.clock()};
  }

  /** The event that was read last. */
  event({record, time}: RecordMark, position: ChannelPosition): LogEvent {
    const origin = this.#originIn(epochOf(position));
    return winlogEvent(this.#entry, {origin, position: record, time, ingested: this.#context.clock()});
  }

  /** Tells that the log was emptied behind what was read of it, which no event in it says. */
  cleared(position: ChannelPosition): LogEvent {
    const now = this.#context.clock();
    return {
      kind: 'log',
      // Record numbers are places in the log; this event has none there.
      origin: this.#originIn(`${epochOf(position)}:log_cleared`),
      position: position.record,
      time: now,
      ingested: now,
      level: Levels.warning,
      code: 0,
      provider: 'siem',
      message: sanitize(
        `The Windows event log ${this.#channel} was cleared or made anew: record ${position.record} had been read of it, and its numbers begin again below`,
      ),
      fields: {
        'event.action': 'log_cleared',
        'event.category': 'configuration',
        'winlog.channel': sanitize(this.#channel),
      },
    };
  }

  #originIn(epoch: string): Origin {
    if (this.#origin?.epoch === epoch) return this.#origin;
    const {agent, host} = this.#context;
    this.#origin = {agent, host, source: channelSource(this.#channel), epoch, dataset: datasetOf(this.#channel)};
    return this.#origin;
  }
}
