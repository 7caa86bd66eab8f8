import {sanitizeLine} from '../../event/sanitize.ts';
import type {Check, CheckState} from './check.ts';

export interface Look {
  readonly colour: boolean;
  readonly unicode: boolean;
}

const words: Readonly<Record<CheckState, {glyph: string; ascii: string; colour: string}>> = {
  ok: {glyph: '✓', ascii: '+', colour: '36'},
  note: {glyph: '•', ascii: '*', colour: '33'},
  fails: {glyph: '✗', ascii: 'x', colour: '1;31'},
};

/** A line a check, what mends it on the next, and how many of each kind at the end. */
export function renderChecks(checks: readonly Check[], look: Look): string {
  const width = Math.max(0, ...checks.map(({check}) => check.length));
  const lines = checks.flatMap(({check, state, found, mend}) => [
    `${label(state, look)}  ${check.padEnd(width)}  ${sanitizeLine(found)}`,
    ...(mend === undefined ? [] : [`         ${look.unicode ? '→' : '->'} ${sanitizeLine(mend)}`]),
  ]);
  return [...lines, '', summary(checks)].join('\n');
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
