import type {Worth} from './job.ts';

/** Nats nearer than this part of themselves are no difference. */
const tie = 0.01;

/** Whether a new model is to replace the old one: by nats an event; where these are alike, by false alarms. */
export function replaces(fresh: Worth, old: Worth | undefined): boolean {
  if (!old) return true;
  if (Math.abs(fresh.nats - old.nats) > tie * old.nats) return fresh.nats < old.nats;
  return fresh.alertRate <= old.alertRate;
}
