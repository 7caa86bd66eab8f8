import {userInfo} from 'node:os';
import {SourceError} from '../../source.ts';
import {WevtutilChild, type WevtutilEnd, wevtutilCommand} from './wevtutil-child.ts';
import type {SplitterDrops} from './xml/event-splitter.ts';
import {EventXmlReader} from './xml/event-xml-reader.ts';
import {UnicodeText} from './xml/unicode-text.ts';

/** What `wevtutil gli` says of a channel's log. */
export interface LogInfo {
  /** As Windows writes it; '' where it is not told. */
  readonly created: string;
  readonly records: number;
  /** 0 where the log is empty. */
  readonly oldest: number;
}

/** Events of one piece of output, as XML, and what was in it that is no event. */
export interface XmlPiece {
  readonly events: readonly string[];
  readonly drops: SplitterDrops;
}

/** There is no channel of this name, now. */
export class NoChannelError extends Error {}

/** Asks Windows' event log through `wevtutil`. Every call takes a signal that ends the child it started. */
export class Wevtutil {
  readonly #command: string;

  constructor(command: string = wevtutilCommand()) {
    this.#command = command;
  }

  /** Names of the channels there are. */
  async channels(signal: AbortSignal): Promise<readonly string[]> {
    const text = await this.#text(['el'], '', signal);
    return text.split(/\r?\n/).filter(name => name !== '');
  }

  async info(channel: string, signal: AbortSignal): Promise<LogInfo> {
    const text = await this.#text(['gli', channel], channel, signal);
    const value = (name: string) => new RegExp(`^\\s*${name}:[ \\t]*(\\S+)`, 'm').exec(text)?.[1] ?? '';
    return {
      created: value('creationTime'),
      records: whole(value('numberOfLogRecords')),
      oldest: whole(value('oldestRecordNumber')),
    };
  }

  /** The event written last, as XML; undefined where the log is empty, '' where it has one that cannot be read. */
  async newest(channel: string, signal: AbortSignal): Promise<string | undefined> {
    let found: string | undefined;
    for await (const {events, drops} of this.#events(['qe', channel, '/rd:true', '/c:1', ...asXml], channel, signal)) {
      found ??= events[0];
      if (drops.unparsable + drops['too-long'] > 0) found ??= '';
    }
    return found;
  }

  /** The events that an XPath expression names, oldest first. */
  query(channel: string, xpath: string, signal: AbortSignal): AsyncGenerator<XmlPiece> {
    return this.#events(['qe', channel, `/q:${xpath}`, `/c:${mostEvents}`, ...asXml], channel, signal);
  }

  async #text(args: readonly string[], channel: string, signal: AbortSignal): Promise<string> {
    const decoder = new UnicodeText();
    let text = '';
    for await (const piece of this.#run(args, channel, signal)) {
      if (text.length < longestText) text += decoder.push(piece);
    }
    return text + decoder.end();
  }

  async *#events(args: readonly string[], channel: string, signal: AbortSignal): AsyncGenerator<XmlPiece> {
    const reader = new EventXmlReader();
    for await (const piece of this.#run(args, channel, signal)) {
      yield {events: reader.push(piece), drops: reader.takeDrops()};
    }
    const events = reader.end();
    // An event that was cut off because the child was ended is read again.
    if (!signal.aborted) yield {events, drops: reader.takeDrops()};
  }

  async *#run(args: readonly string[], channel: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    if (signal.aborted) return;
    const child = new WevtutilChild(this.#command, args);
    const kill = () => void child.end();
    signal.addEventListener('abort', kill);
    try {
      yield* child.output();
      const end = await child.result();
      if (!signal.aborted) explain(end, channel);
    } catch (error) {
      // Ending the child cuts its output short.
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', kill);
      await child.end();
    }
  }
}

const asXml = ['/f:XML', '/uni:true'];
/** A query that is read for too long goes stale; another goes on behind it. */
const mostEvents = 100_000;
const longestText = 2 ** 20;

function whole(text: string): number {
  const number = Number(text);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

// Windows' error numbers, for its words are in the language of the machine (winerror.h).
const accessDenied = 5;
const noService = new Set([1062, 1717, 1722, 1726]);
const noChannel = 15_007;
const staleQuery = 15_011;

/** Throws what an end means, where it is none that was hoped for. */
export function explain({code, complaint}: WevtutilEnd, channel: string): void {
  // Also as an HRESULT, 0x80070005.
  const error = code & 0xffff;
  // What was not read before the query went stale is read by the next.
  if (code === 0 || error === staleQuery) return;
  if (error === accessDenied || /access is denied/i.test(complaint)) throw denied(channel);
  if (error === noChannel || /channel could not be found/i.test(complaint)) throw new NoChannelError(channel);
  if (noService.has(error) || /RPC server is unavailable/i.test(complaint)) {
    throw new SourceError('the Windows Event Log service does not answer', 'net start eventlog');
  }
  const [first = ''] = complaint.split(/\r?\n/, 1);
  throw new SourceError(
    `wevtutil ended with ${code}${first === '' ? '' : `: ${first}`}`,
    channel === '' ? 'wevtutil el' : `wevtutil gli "${channel}"`,
  );
}

function denied(channel: string): SourceError {
  const {username} = userInfo();
  return new SourceError(
    `the event log ${channel} may not be read by ${username}`,
    `net localgroup "Event Log Readers" "${username}" /add, then log in anew; or run siem as Administrator`,
  );
}
