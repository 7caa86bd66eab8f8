import type {Worth} from './job.ts';

/** Nats nearer than this part of themselves are no difference. */
const tie = 0.01;

/**
 * Whether a new model is to replace the old one: by nats an event with the n-gram mixed in, which is what is judged by;
 * where these are alike, by those of the network alone, which must agree; where these are too, by false alarms.
 */
export function replaces(fresh: Worth, old: Worth | undefined): boolean {
  if (!old) return true;
  if (differ(fresh.nats, old.nats)) return fresh.nats < old.nats;
  if (differ(fresh.aloneNats, old.aloneNats)) return fresh.aloneNats < old.aloneNats;
  return fresh.alertRate <= old.alertRate;
}

function differ(a: number, b: number): boolean {
  return Math.abs(a - b) > tie * Math.max(a, b);
}
