import {day} from '../../../event/clock.ts';
import type {Micros} from '../../../event/event.ts';
import {checkpointFacts, checkpointPath} from './checkpoint.ts';

/** An interrupted training that is worth going on with: its history ended here. */
export interface Interrupted {
  readonly newest: Micros;
  readonly epoch: number;
}

/**
 * Whether there is an interrupted training on history from the same place, not older than a day. To go on with it, the
 * same history must be read: up to its newest event, though more has come since.
 */
export function interruptedTraining(modelFile: string, origin: string, now: Micros): Interrupted | undefined {
  const facts = checkpointFacts(checkpointPath(modelFile));
  if (!facts || facts.origin !== origin || now - Date.parse(facts.writtenAt) * 1000 > day) return undefined;
  return {newest: facts.newest, epoch: facts.epoch};
}
