import {appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const script = join(process.cwd(), 'tests', 'support', 'stand-ins', 'log.mjs');

/** A Mac's unified log, told by a `log` of its own in `folder`. */
export class MacosMachine {
  readonly folder: string;
  readonly command: string;
  #behaviour = {run: 1, denied: false, showFails: false, purgedBefore: 0};
  #time: number;
  #ticks = 2n ** 53n;

  /** `start`: ms since 1970, a second before the first message. */
  constructor(folder: string, start = Date.UTC(2026, 10, 22, 10)) {
    this.folder = folder;
    this.#time = start;
    this.command = join(folder, 'log');
    mkdirSync(folder, {recursive: true});
    writeFileSync(join(folder, 'log.ndjson'), '');
    writeFileSync(this.command, `#!/bin/sh\nexec "${process.execPath}" "${script}" "${folder}" "$@"\n`, {mode: 0o755});
    this.behave({});
  }

  /** µs since 1970 of the message written last. */
  get now(): number {
    return this.#time * 1000;
  }

  get calls(): readonly string[] {
    const path = join(this.folder, 'log.calls');
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  behave(change: Partial<{denied: boolean; showFails: boolean; purgedBefore: number}>): void {
    this.#change(change);
  }

  /** Ends the stream that runs. */
  endStream(): void {
    this.#change({run: this.#behaviour.run + 1});
  }

  passSeconds(seconds: number): void {
    this.#time += seconds * 1000;
  }

  /** Writes messages, a second apart. */
  write(...messages: readonly string[]): void {
    this.writeWith({}, ...messages);
  }

  writeWith(changes: Readonly<Record<string, unknown>>, ...messages: readonly string[]): void {
    this.#append(messages.map(message => this.#line(message, changes, 1000)));
  }

  /** Writes many messages within a moment. */
  flood(messages: readonly string[]): void {
    this.#append(messages.map(message => this.#line(message, {}, 0)));
  }

  #line(eventMessage: string, changes: Readonly<Record<string, unknown>>, milliseconds: number): string {
    this.#time += milliseconds;
    this.#ticks += 24n;
    // In the machine's own zone, and with numbers that no double holds.
    const local = new Date(this.#time - 8 * 3_600_000).toISOString();
    const timestamp = `${local.slice(0, 10)} ${local.slice(11, 23)}456-0800`;
    const record = {...usual, timestamp, eventMessage, machTimestamp: '#', ...changes};
    return JSON.stringify(record).replace('"#"', String(this.#ticks));
  }

  #append(lines: readonly string[]): void {
    appendFileSync(join(this.folder, 'log.ndjson'), `${lines.join('\n')}\n`);
  }

  #change(change: object): void {
    this.#behaviour = {...this.#behaviour, ...change};
    const path = join(this.folder, 'log.json');
    writeFileSync(`${path}.new`, JSON.stringify(this.#behaviour));
    renameSync(`${path}.new`, path);
  }
}

const usual = {
  traceID: 35_893_475_847,
  eventType: 'logEvent',
  source: null,
  formatString: '%{public}s',
  activityIdentifier: 0,
  subsystem: 'com.apple.wifi',
  category: 'Driver',
  threadID: 2451,
  senderImageUUID: '5B4F7A0E-0000-3000-8000-000000000001',
  bootUUID: 'D8A4C1F2-1111-4222-8333-444444444444',
  processImagePath: '/usr/libexec/airportd',
  senderImagePath: '/usr/lib/libwifi.dylib',
  messageType: 'Default',
  processID: 208,
  parentActivityIdentifier: 0,
  timezoneName: '',
  userID: 0,
};
