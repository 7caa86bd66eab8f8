import {type Level, Levels} from '../../../event/level.ts';

const names: readonly Level[] = [
  Levels.information,
  Levels.critical,
  Levels.error,
  Levels.warning,
  Levels.information,
  Levels.debug,
];

/** The level behind Windows' number: 1 critical, 2 error, 3 warning, 5 verbose; 0 (always logged) and 4 information. */
export function windowsLevel(level: number): Level {
  return names[level] ?? Levels.information;
}

export type AuditOutcome = 'success' | 'failure';

const known = new Map<string, AuditOutcome | undefined>();
const mostKnown = 1000;
const auditFailure = 1n << 52n;
const auditSuccess = 1n << 53n;

/** Whether an audited attempt succeeded, which two bits of the keywords say; undefined where nothing was audited. */
export function auditOutcome(keywords: string): AuditOutcome | undefined {
  if (known.has(keywords)) return known.get(keywords);
  if (known.size >= mostKnown) known.clear();
  const outcome = outcomeOf(keywords);
  known.set(keywords, outcome);
  return outcome;
}

function outcomeOf(keywords: string): AuditOutcome | undefined {
  if (!/^0x[0-9a-f]{1,16}$/i.test(keywords)) return undefined;
  const bits = BigInt(keywords);
  if (bits & auditFailure) return 'failure';
  return bits & auditSuccess ? 'success' : undefined;
}
