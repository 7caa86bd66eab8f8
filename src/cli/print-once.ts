import {setTimeout as pause} from 'node:timers/promises';
import type {EngineClient} from '../pipeline/engine-client.ts';
import type {EngineMode} from '../pipeline/engine-messages.ts';
import type {Snapshot} from '../pipeline/snapshot.ts';
import {snapshotText} from './snapshot-text.ts';

const collectFor = 3_000;
const settleFor = 500;

/** Collects for a few seconds (a replay or demonstration: until it is through), then prints one snapshot. */
export async function printOnce(engine: EngineClient, mode: EngineMode, json: boolean): Promise<void> {
  if (mode.type === 'live') await Promise.race([pause(collectFor), engine.finished]);
  else await engine.finished;
  const snapshot = await settled(engine);
  process.stdout.write(json ? `${JSON.stringify(snapshot)}\n` : snapshotText(snapshot));
}

/** The first snapshot that was taken after all was collected. */
async function settled(engine: EngineClient): Promise<Snapshot> {
  await pause(settleFor);
  for (;;) {
    if (engine.latest) return engine.latest;
    await Promise.race([pause(50), engine.finished]);
  }
}
