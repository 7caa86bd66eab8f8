import type {AlertLevel} from '../event/level.ts';
import type {Style} from './pane.ts';

/** How a level is told: a glyph and a word, and a colour besides. */
export interface Severity {
  /** Glyph, space and word, eight cells of word at the most. */
  readonly unicode: string;
  readonly ascii: string;
  readonly style: Style;
}

export function alertSeverity(level: AlertLevel): Severity {
  return alertSeverities[level] ?? unknownSeverity;
}

export function logSeverity(level: number): Severity {
  return logSeverities[level] ?? unknownSeverity;
}

const unknownSeverity: Severity = {unicode: '  ?', ascii: '  ?', style: 'dim'};

const alertSeverities: Readonly<Record<AlertLevel, Severity>> = {
  critical: {unicode: '◆ critical', ascii: '# critical', style: 'critical'},
  high: {unicode: '▲ high', ascii: '! high', style: 'high'},
  medium: {unicode: '● medium', ascii: '* medium', style: 'medium'},
  low: {unicode: '○ low', ascii: 'o low', style: 'low'},
  informational: {unicode: '· info', ascii: '. info', style: 'informational'},
};

/** By RFC 5424 severity. */
const logSeverities: readonly Severity[] = [
  {unicode: '◆ emerg', ascii: '# emerg', style: 'critical'},
  {unicode: '◆ alert', ascii: '# alert', style: 'critical'},
  {unicode: '◆ crit', ascii: '# crit', style: 'critical'},
  {unicode: '▲ error', ascii: '! error', style: 'high'},
  {unicode: '● warning', ascii: '* warning', style: 'medium'},
  {unicode: '○ notice', ascii: 'o notice', style: 'low'},
  {unicode: '  info', ascii: '  info', style: 'plain'},
  {unicode: '  debug', ascii: '  debug', style: 'dim'},
];
