import {RE2JS} from 're2js';
import {RuleError} from './rule-error.ts';

const longest = 4_096;
/** Instructions of a compiled expression: what its automaton may cost at most. */
const largest = 20_000;
const flagBits: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** Compiles an expression for matching in time linear in the text; throws where RE2 cannot. */
export function compileRegex(expression: string, flags: string): RE2JS {
  return RE2JS.compile(
    expression,
    [...flags].reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0),
  );
}

/** Refuses what cannot be compiled, with the reason. */
export function checkRegex(expression: string, flags: string, line: number): void {
  if (expression.length > longest) {
    throw new RuleError(
      line,
      `expected a regular expression of at most ${longest} characters, found ${expression.length}`,
    );
  }
  try {
    const size = compileRegex(expression, flags).programSize();
    if (size <= largest) return;
    throw new RuleError(line, `expected a regular expression that compiles to ${largest} steps at most, found ${size}`);
  } catch (error) {
    if (error instanceof RuleError) throw error;
    throw new RuleError(
      line,
      `expected a regular expression ${whatRe2Takes(expression)}, found \`${expression}\`: ${reasonOf(error)}`,
    );
  }
}

export function quoteRegex(text: string): string {
  return RE2JS.quote(text);
}

function whatRe2Takes(expression: string): string {
  if (/\(\?<?[=!]/.test(expression)) return 'without look-around, which cannot be matched in linear time';
  if (/\\[1-9]/.test(expression)) return 'without back-references, which cannot be matched in linear time';
  return 'that RE2 can read';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
}
