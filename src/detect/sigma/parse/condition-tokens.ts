import {RuleError} from './rule-error.ts';

export interface Token {
  readonly kind: 'word' | '(' | ')' | 'end';
  readonly text: string;
}

/** Words and brackets of a condition. Names may hold `*` where they stand behind `of`. */
export function conditionTokens(condition: string, line: number): Token[] {
  const tokens: Token[] = [];
  const form = /\s+|([()])|([^\s()|]+)|([\s\S])/gy;
  for (let found = form.exec(condition); found; found = form.exec(condition)) {
    const [, bracket, word, wrong] = found;
    if (wrong !== undefined)
      throw new RuleError(line, `expected a name, a bracket or an operator in the condition, found \`${wrong}\``);
    if (bracket !== undefined) tokens.push({kind: bracket === '(' ? '(' : ')', text: bracket});
    if (word !== undefined) tokens.push({kind: 'word', text: word});
    if (tokens.length > 4_000) throw new RuleError(line, 'expected at most 4000 words in the condition, found more');
  }
  tokens.push({kind: 'end', text: ''});
  return tokens;
}
