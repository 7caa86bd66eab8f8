import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type WindowsRecord, windowsXml} from './windows-events.ts';

interface StoredRecord {
  readonly id: number;
  readonly time: string;
  readonly xml: string;
}

interface Channel {
  created: string;
  denied: boolean;
  next: number;
  records: StoredRecord[];
}

const script = join(process.cwd(), 'tests', 'support', 'stand-ins', 'wevtutil.mjs');

/** The event logs of a Windows machine, told by a `wevtutil` of its own in `folder`. */
export class WindowsMachine {
  readonly folder: string;
  /** What to run. */
  readonly command: string;
  readonly #channels: Record<string, Channel> = {};
  #time: number;

  /** `start`: ms since 1970, a second before the first event. */
  constructor(folder: string, start = Date.UTC(2026, 10, 22, 10)) {
    this.#time = start;
    this.folder = folder;
    this.command = join(folder, 'wevtutil');
    mkdirSync(folder, {recursive: true});
    writeFileSync(this.command, `#!/bin/sh\nexec "${process.execPath}" "${script}" "${folder}" "$@"\n`, {mode: 0o755});
    this.#save();
  }

  /** µs since 1970 of the event written last. */
  get now(): number {
    return this.#time * 1000;
  }

  /** What wevtutil was asked, in order. */
  get calls(): readonly string[] {
    const path = join(this.folder, 'wevtutil.calls');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  add(channel: string): void {
    const created = new Date(this.#time).toISOString();
    this.#channels[channel] = {created, denied: false, next: 1, records: []};
    this.#save();
  }

  remove(channel: string): void {
    delete this.#channels[channel];
    this.#save();
  }

  /** Writes events a second apart, 100 ns in their times. */
  write(channel: string, ...records: readonly WindowsRecord[]): void {
    const log = this.#channel(channel);
    for (const record of records) {
      this.#time += 1000;
      const time = `${new Date(this.#time).toISOString().slice(0, -1)}4567Z`;
      log.records.push({id: log.next, time, xml: windowsXml(record, log.next, time)});
      log.next++;
    }
    this.#save();
  }

  /** Writes text that is no event in an event's place. */
  writeDamaged(channel: string, xml: string): void {
    const log = this.#channel(channel);
    log.records.push({id: log.next++, time: new Date(this.#time).toISOString(), xml});
    this.#save();
  }

  passDays(days: number): void {
    this.#time += days * 86_400_000;
  }

  /** Empties a log; its numbers go on, or begin again where the file was made anew. */
  clear(channel: string, numbers: 'go on' | 'begin again', ...then: readonly WindowsRecord[]): void {
    const log = this.#channel(channel);
    log.records = [];
    if (numbers === 'begin again') log.next = 1;
    this.write(channel, ...then);
  }

  /** Overwrites all but the newest records. */
  wrap(channel: string, kept: number): void {
    const log = this.#channel(channel);
    log.records = log.records.slice(-kept);
    this.#save();
  }

  deny(channel: string, denied = true): void {
    this.#channel(channel).denied = denied;
    this.#save();
  }

  #channel(name: string): Channel {
    const found = this.#channels[name];
    if (!found) throw new Error(`the test has no channel ${name}`);
    return found;
  }

  #save(): void {
    const path = join(this.folder, 'wevtutil.json');
    // In one step: wevtutil may be reading.
    writeFileSync(`${path}.new`, JSON.stringify({channels: this.#channels}));
    renameSync(`${path}.new`, path);
  }
}
