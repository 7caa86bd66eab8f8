import {setTimeout as pause} from 'node:timers/promises';
import type {EngineClient} from '../pipeline/engine-client.ts';
import type {EngineMode} from '../pipeline/engine-messages.ts';
import type {Snapshot} from '../pipeline/snapshot.ts';
import {snapshotText} from './snapshot-text.ts';

const collectFor = 3_000;
const longestStart = 15_000;

export interface OnceOptions {
  readonly mode: EngineMode;
  readonly json: boolean;
  /** Ends the collecting; then nothing is printed. */
  readonly signal: AbortSignal;
}

/** Collects for a few seconds (a replay or demonstration: until it is through), then prints one snapshot. */
export async function printOnce(engine: EngineClient, {mode, json, signal}: OnceOptions): Promise<void> {
  const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
  // The timer keeps nothing alive: a signal ends the program at once.
  const enough = mode.type === 'live' ? [collected(engine)] : [];
  await Promise.race([...enough, engine.finished, stopped]);
  if (signal.aborted) return;
  const snapshot = await latest(engine);
  process.stdout.write(json ? `${jsonOf(snapshot)}\n` : snapshotText(snapshot));
}

/** Without the packets' bytes: what people say to each other is for the screen, not for a file that is passed on. */
function jsonOf(snapshot: Snapshot): string {
  const packets = snapshot.packets.map(({bytes: _bytes, ...row}) => row);
  return JSON.stringify({...snapshot, packets});
}

/** A few seconds after every source has begun: what takes long to begin would else be missing. */
async function collected(engine: EngineClient): Promise<void> {
  for (let waited = 0; waited < longestStart && !haveBegun(engine.latest); waited += 50) {
    await pause(50, undefined, {ref: false});
  }
  await pause(collectFor, undefined, {ref: false});
}

function haveBegun(snapshot: Snapshot | undefined): boolean {
  return (
    snapshot !== undefined && snapshot.sources.length > 0 && snapshot.sources.every(({state}) => state !== 'starting')
  );
}

/** The newest snapshot; on a slow machine the first may still be to come. */
async function latest(engine: EngineClient): Promise<Snapshot> {
  while (!engine.latest) await Promise.race([pause(50), engine.finished]);
  return engine.latest;
}
