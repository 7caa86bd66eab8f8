import {sanitizeLine} from '../../event/sanitize.ts';
import {wrap} from '../../tui/text.ts';
import type {Check, CheckState} from './check.ts';

export interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Cells in a line of the terminal; undefined where there is none. */
  readonly width: number | undefined;
}

const words: Readonly<Record<CheckState, {glyph: string; ascii: string; colour: string}>> = {
  ok: {glyph: '✓', ascii: '+', colour: '36'},
  note: {glyph: '•', ascii: '*', colour: '33'},
  fails: {glyph: '✗', ascii: 'x', colour: '1;31'},
};

/** A line a check, wrapped under itself, what mends it on the next (whole, to be copied), and how many of each kind at the end. */
export function renderChecks(checks: readonly Check[], look: Look): string {
  const width = Math.max(0, ...checks.map(({check}) => check.length));
  const indent = labelCells + 2 + width + 2;
  const lines = checks.flatMap(({check, state, found, mend}) => [
    `${label(state, look)}  ${check.padEnd(width)}  ${wrapped(found, indent, look)}`,
    ...(mend === undefined ? [] : [`         ${look.unicode ? '→' : '->'} ${sanitizeLine(mend)}`]),
  ]);
  return [...lines, '', summary(checks)].join('\n');
}

const labelCells = 7;

function wrapped(text: string, indent: number, {width, unicode}: Look): string {
  if (width === undefined) return sanitizeLine(text);
  return wrap(text, Math.max(20, width - indent), unicode).join(`\n${' '.repeat(indent)}`);
}

function label(state: CheckState, {colour, unicode}: Look): string {
  const {glyph, ascii, colour: code} = words[state];
  const text = `${unicode ? glyph : ascii} ${state.padEnd(5)}`;
  return colour ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function summary(checks: readonly Check[]): string {
  const count = (state: CheckState) => checks.filter(check => check.state === state).length;
  const notes = count('note') === 1 ? '1 note' : `${count('note')} notes`;
  return `${count('ok')} ok, ${notes}, ${count('fails')} failing`;
}
