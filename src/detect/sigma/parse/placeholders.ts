import type {Pattern} from '../rule.ts';
import {type OpenPiece, readPattern, tidy} from './pattern.ts';
import {RuleError} from './rule-error.ts';

/** Values for `%name%`, by the name in lower case. Values may have wildcards. */
export type Placeholders = ReadonlyMap<string, readonly string[]>;

const mostValues = 10_000;

/** Every pattern that the placeholders of one give; refused where a placeholder has no value. */
export function expandPattern(pieces: readonly OpenPiece[], placeholders: Placeholders, line: number): Pattern[] {
  let patterns: Pattern[] = [[]];
  for (const piece of pieces) {
    const choices =
      typeof piece === 'object' && 'placeholder' in piece
        ? valuesOf(piece.placeholder, placeholders, line).map(value => readPattern(value).filter(isClosed))
        : [[piece]];
    if (patterns.length * choices.length > mostValues) {
      throw new RuleError(line, `expected placeholders to give at most ${mostValues} values, found more`);
    }
    patterns = patterns.flatMap(pattern => choices.map(choice => [...pattern, ...choice]));
  }
  return patterns.map(tidy);
}

/** The same in the text of a regular expression, where values are taken literally. */
export function expandText(
  source: string,
  placeholders: Placeholders,
  line: number,
  quote: (text: string) => string,
): string {
  return source.replace(/\\%|%([\w.-]{1,128})%/g, (_, name: string | undefined) => {
    if (name === undefined) return '%';
    const values = valuesOf(name, placeholders, line).map(quote);
    return values.length === 1 ? (values[0] ?? '') : `(?:${values.join('|')})`;
  });
}

function isClosed(piece: OpenPiece): piece is Pattern[number] {
  return typeof piece === 'string' || 'text' in piece;
}

function valuesOf(name: string, placeholders: Placeholders, line: number): readonly string[] {
  const values = placeholders.get(name.toLowerCase());
  if (values !== undefined && values.length > 0) return values;
  throw new RuleError(line, `expected values for the placeholder %${name}%, found none: give them in the settings`);
}
