import {type Level, Levels, parseLevel} from '../../../event/level.ts';

const words =
  'emerg(?:ency)?|panic|alert|crit(?:ical)?|fatal|err(?:or)?|warn(?:ing)?|notice|info(?:rmation(?:al)?)?|debug|trace';
// At the very start only: `error: …`, `[warn] …`, `<info> …`, or in capitals `WARNING …`. Words further in say nothing
// about how serious the entry is ("0 errors").
const prefix = new RegExp(`^(?:\\[(${words})\\]|<(${words})>|(${words}): )`, 'i');
const capitals =
  /^(EMERG|EMERGENCY|PANIC|ALERT|CRIT|CRITICAL|FATAL|ERR|ERROR|WARN|WARNING|NOTICE|INFO|DEBUG|TRACE)\b[: ]/;
const starts = new Set([...'[<eEpPaAcCfFwWnNiIdDtT'].map(letter => letter.charCodeAt(0)));

/** The level that a message states about itself in its first word, or undefined. */
export function spokenLevel(message: string): Level | undefined {
  if (!starts.has(message.charCodeAt(0))) return undefined;
  const found = prefix.exec(message) ?? capitals.exec(message);
  const word = found?.[1] ?? found?.[2] ?? found?.[3];
  return word === undefined ? undefined : parseLevel(word);
}

/** What the kernel says in fixed words when it is in trouble. */
export function kernelLevel(message: string): Level | undefined {
  if (message.startsWith('Kernel panic')) return Levels.emergency;
  if (message.startsWith('BUG: ') || message.startsWith('Oops: ')) return Levels.critical;
  if (message.startsWith('Out of memory: ')) return Levels.error;
  return undefined;
}
