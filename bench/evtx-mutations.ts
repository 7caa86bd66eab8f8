import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {Random} from '../src/capture/demo/random.ts';
import {DropCounter} from '../src/capture/files/drop-counter.ts';
import {Chunk, chunkSize} from '../src/capture/files/evtx/chunk.ts';
import {DamageError} from '../src/capture/files/evtx/damage.ts';
import {eventJson} from '../src/capture/files/evtx/event-json.ts';
import {eventTree} from '../src/capture/files/evtx/event-tree.ts';
import {eventXml} from '../src/capture/files/evtx/event-xml.ts';
import {ChunkEvents, evtx} from '../src/capture/files/evtx/evtx.ts';
import {contentOf, recordsOf} from '../src/capture/files/evtx/records.ts';

export interface MutationResult {
  readonly mutations: number;
  readonly events: number;
  readonly dropped: number;
  /** Of one mutated chunk: to events, XML and JSON. */
  readonly slowestMs: number;
  readonly heapMb: number;
}

const fileHead = 4096;
const context = {agent: 'a', host: 'h', clock: () => 0, maxLine: 65_536, problem: () => {}};

/** All 64 KiB slots of a log that hold a chunk. */
export function chunksOf(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = fileHead; at + chunkSize <= file.length; at += chunkSize) {
    const slot = file.subarray(at, at + chunkSize);
    if (slot.toString('latin1', 0, 7) === 'ElfChnk') found.push(slot);
  }
  return found;
}

/** Flips, cuts and splices chunks at random, and reads each to events, XML and JSON. Whatever is thrown is a fault. */
export function readMutations(chunks: readonly Buffer[], count: number, seed: number): MutationResult {
  const random = new Random(seed);
  const chunk = new Chunk();
  const result = {events: 0, dropped: 0, slowestMs: 0, heapMb: 0};
  for (let i = 0; i < count; i++) {
    mutate(chunk.bytes, chunks, random);
    chunk.changed();
    const begun = performance.now();
    const {events, dropped} = readAll(chunk);
    result.slowestMs = Math.max(result.slowestMs, performance.now() - begun);
    result.events += events;
    result.dropped += dropped;
    if (i % 200 === 0) result.heapMb = Math.max(result.heapMb, process.memoryUsage().heapUsed / 1e6);
  }
  return {mutations: count, ...result, slowestMs: Math.round(result.slowestMs), heapMb: Math.round(result.heapMb)};
}

/** Makes files of a few chunks, damages head and end and anything between, and reads each. Gives what was read. */
export async function readMutatedFiles(
  chunks: readonly Buffer[],
  count: number,
  seed: number,
  folder: string,
): Promise<{readonly files: number; readonly events: number; readonly dropped: number}> {
  const random = new Random(seed);
  const path = join(folder, 'mutated.evtx');
  const result = {files: count, events: 0, dropped: 0};
  for (let i = 0; i < count; i++) {
    writeFileSync(path, mutatedFile(chunks, random));
    for await (const batch of evtx.read(path, context)) {
      result.events += batch.events.length;
      for (const dropped of Object.values(batch.dropped ?? {})) result.dropped += dropped;
    }
  }
  return result;
}

function mutatedFile(chunks: readonly Buffer[], random: Random): Buffer {
  const head = Buffer.alloc(fileHead);
  head.write('ElfFile\0', 'latin1');
  head.writeUInt16LE(fileHead, 40);
  for (let changes = random.between(0, 20); changes > 0; changes--)
    head[random.between(8, 127)] = random.between(0, 255);
  const body = Array.from({length: random.between(0, 3)}, () => {
    const chunk = Buffer.alloc(chunkSize);
    if (random.between(0, 2) === 0) (chunks[random.between(0, chunks.length - 1)] ?? chunk).copy(chunk);
    else mutate(chunk, chunks, random);
    return chunk;
  });
  const file = Buffer.concat([head, ...body]);
  const kept = random.between(0, 1) === 0 ? file.subarray(0, random.between(0, file.length)) : file;
  return random.between(0, 3) === 0 ? gzipSync(kept) : kept;
}

function readAll(chunk: Chunk): {events: number; dropped: number} {
  const drops = new DropCounter(context);
  const events = new ChunkEvents('mutated.evtx', chunk, context, drops, 0).read(fileHead);
  for (const event of events) {
    if (!Number.isSafeInteger(event.time)) throw new Error(`time ${event.time}`);
    JSON.stringify(event);
  }
  chunk.changed();
  for (const place of recordsOf(chunk, () => {})) {
    try {
      const tree = eventTree(chunk, contentOf(chunk, place));
      eventXml(tree);
      JSON.stringify(eventJson(tree));
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
    }
  }
  return {events: events.length, dropped: Object.values(drops.take()).reduce((sum, count) => sum + count, 0)};
}

function mutate(target: Buffer, chunks: readonly Buffer[], random: Random): void {
  const below = (end: number) => random.between(0, end - 1);
  const pick = () => chunks[below(chunks.length)] ?? Buffer.alloc(chunkSize);
  pick().copy(target);
  for (let changes = 1 + below(4); changes > 0; changes--) {
    const at = below(chunkSize);
    const length = 1 + below(below(4) === 0 ? 8192 : 16);
    switch (below(5)) {
      case 0:
        for (let i = 0; i < length; i++) target[below(chunkSize)] = below(256);
        break;
      case 1:
        target.fill(below(2) * 255, at, Math.min(at + length, chunkSize));
        break;
      case 2:
        pick().copy(target, at, below(chunkSize), chunkSize);
        break;
      case 3:
        target.copyWithin(at, below(chunkSize), chunkSize);
        break;
      default:
        // Sizes, offsets and types are small numbers at the places that matter.
        target.writeUInt32LE(below(chunkSize), Math.min(at, chunkSize - 4));
    }
  }
}
