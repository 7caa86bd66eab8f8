import {createWriteStream, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import {day, minute, second} from '../../event/clock.ts';
import type {Micros} from '../../event/event.ts';
import {attack, phases} from './attack.ts';
import {type Happening, normalLife} from './normal-life.ts';
import {Random} from './random.ts';

export interface DemoFiles {
  /** A day of log lines from before the demonstration begins. */
  readonly history: string;
  /** What is logged and what crosses the wire while it plays. */
  readonly log: string;
  readonly capture: string;
}

export interface DemoOptions {
  readonly seed: number;
  /** When the demonstration begins to play. */
  readonly start: Micros;
  readonly length: Micros;
}

/** How long the demonstration plays, and how long after its beginning each of its attacks begins. */
export const demoLength = 6 * minute;
const attacksAt = [6 * second, 3 * minute] as const;

/**
 * Writes the demonstration as ordinary files, a log and a capture, which are then replayed like any other: nothing
 * behind the readers knows that it is one. The same seed and start give the same bytes.
 */
export async function writeDemo(folder: string, {seed, start, length}: DemoOptions): Promise<DemoFiles> {
  const files = {
    history: join(folder, 'demo-history.log'),
    log: join(folder, 'demo.log'),
    capture: join(folder, 'demo.pcap'),
  };
  const past = [...normalLife(new Random(seed), start - day, start, false)];
  writeFileSync(files.history, linesOf(past), {mode: 0o600});
  const present = [
    ...normalLife(new Random(seed + 1), start, start + length, true),
    ...attacksAt
      .filter(after => after + phases.end * second < length)
      .flatMap((after, index) => attack(new Random(seed + 2 + index), start + after)),
  ].sort((one, other) => one.at - other.at);
  writeFileSync(files.log, linesOf(present), {mode: 0o600});
  await writeCapture(files.capture, present);
  return files;
}

function linesOf(happenings: readonly Happening[]): string {
  return happenings.map(happening => ('line' in happening ? `${happening.line}\n` : '')).join('');
}

/** A classic pcap file: little endian, microseconds, Ethernet. */
async function writeCapture(path: string, happenings: readonly Happening[]): Promise<void> {
  const stream = createWriteStream(path, {mode: 0o644});
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  stream.write(header);
  for (const happening of happenings) {
    if (!('frame' in happening)) continue;
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(happening.at / 1_000_000), 0);
    record.writeUInt32LE(Math.floor(happening.at % 1_000_000), 4);
    record.writeUInt32LE(happening.frame.length, 8);
    record.writeUInt32LE(happening.frame.length, 12);
    stream.write(record);
    stream.write(happening.frame);
  }
  stream.end();
  await finished(stream);
}
