/**
 * How serious a log entry says it is: the eight severities of RFC 5424, most serious first, so that a smaller number
 * is a louder level. Every source maps its own scale onto these.
 */
export const levelNames = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'information',
  'debug',
] as const;

export type LevelName = (typeof levelNames)[number];

/** RFC 5424 severity, 0 (emergency) to 7 (debug). */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const Levels = {
  emergency: 0,
  alert: 1,
  critical: 2,
  error: 3,
  warning: 4,
  notice: 5,
  information: 6,
  debug: 7,
} as const satisfies Record<LevelName, Level>;

const synonyms: Readonly<Record<string, Level>> = {
  ...Levels,
  emerg: 0,
  panic: 0,
  fatal: 2,
  crit: 2,
  err: 3,
  warn: 4,
  info: 6,
  informational: 6,
  verbose: 7,
  trace: 7,
};

export function levelName(level: Level): LevelName {
  return levelNames[level];
}

/** Reads a level's name in any of the usual spellings (`err`, `WARN`, `Information`), or undefined. */
export function parseLevel(text: string): Level | undefined {
  return synonyms[text.toLowerCase()];
}

/** How serious an alert is, in Sigma's five words, least serious first. */
export const alertLevels = ['informational', 'low', 'medium', 'high', 'critical'] as const;

export type AlertLevel = (typeof alertLevels)[number];
