import {type Expression, QueryError} from './expression.ts';
import {type Token, tokenize, type ValueToken} from './token.ts';

/**
 * Reads a filter. Grammar, loosest first: `or`, then `and` or mere adjacency, then `not` or `-`, then a term: text, a
 * field with its values, or a group in parentheses. An empty text is no filter: undefined.
 *
 * As with journalctl, the same field compared by `:` or `=` more than once among adjacent terms means any of the
 * values: `source:sshd source:sudo level>=warning` is `(source:sshd or source:sudo) and level>=warning`. A written
 * `and` means and.
 *
 * Throws a QueryError that says what was expected and where. Depth, length and the number of terms are bounded.
 *
 * @example
 * parse('level>=warning -user:backup')
 */
export function parse(text: string): Expression | undefined {
  const tokens = tokenize(text);
  if (tokens[0]?.type === 'end') return undefined;
  const reader = new Reader(tokens);
  const expression = disjunction(reader, 0);
  const rest = reader.peek();
  if (rest.type !== 'end') throw new QueryError('Expected a term, got ) that closes nothing', rest.at);
  return expression;
}

/** Deepest nesting of parentheses and negations, and most terms and values: SQLite's own limits lie above. */
const deepest = 50;
const mostTerms = 300;

class Reader {
  private readonly tokens: readonly Token[];
  private place = 0;
  private terms = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  peek(): Token {
    const token = this.tokens[Math.min(this.place, this.tokens.length - 1)];
    if (!token) throw new QueryError('Expected an expression', 0);
    return token;
  }

  take(): Token {
    const token = this.peek();
    this.place++;
    return token;
  }

  countTerms(more: number, at: number): void {
    this.terms += more;
    if (this.terms > mostTerms)
      throw new QueryError(`Expected at most ${mostTerms} terms and values; this is one too many`, at);
  }
}

function disjunction(reader: Reader, depth: number): Expression {
  const terms = [conjunction(reader, depth)];
  while (reader.peek().type === 'or') {
    reader.take();
    terms.push(conjunction(reader, depth));
  }
  return joined('or', terms);
}

function conjunction(reader: Reader, depth: number): Expression {
  const runs: Expression[][] = [[negation(reader, depth)]];
  for (;;) {
    const {type} = reader.peek();
    if (type === 'or' || type === ')' || type === 'end') break;
    if (type === 'and') {
      reader.take();
      runs.push([negation(reader, depth)]);
    } else runs.at(-1)?.push(negation(reader, depth));
  }
  return joined('and', runs.flatMap(alternativesOfOneField));
}

function negation(reader: Reader, depth: number): Expression {
  const token = reader.peek();
  if (token.type !== 'not' && token.type !== 'minus') return term(reader, depth);
  reader.take();
  return {type: 'not', term: negation(reader, deeper(depth, token))};
}

function term(reader: Reader, depth: number): Expression {
  const token = reader.take();
  switch (token.type) {
    case '(':
      return group(reader, deeper(depth, token), token);
    case 'text':
      reader.countTerms(1, token.at);
      return token;
    case 'field':
      reader.countTerms(token.values.length, token.at);
      return field(token);
    case 'end':
      throw new QueryError('Expected a term, got the end', token.at);
    default:
      throw new QueryError(`Expected a term, got ${token.type}${hint(token.type)}`, token.at);
  }
}

function hint(type: string): string {
  return type === 'and' || type === 'or' ? ` (to search for the word, write "${type}")` : '';
}

function group(reader: Reader, depth: number, open: Token): Expression {
  const inside = disjunction(reader, depth);
  if (reader.take().type !== ')') throw new QueryError('Expected a closing ) for the one here', open.at);
  return inside;
}

function deeper(depth: number, token: Token): number {
  if (depth >= deepest) throw new QueryError(`Expected at most ${deepest} levels of ( ) and not`, token.at);
  return depth + 1;
}

function field(token: Extract<Token, {type: 'field'}>): Expression {
  const {values, comparison, at} = token;
  if (values.length > 1 && comparison !== '=' && comparison !== '!=')
    throw new QueryError(`Expected one value after ${comparison}, got ${values.length}`, at);
  // An expression says once for all its values whether they were quoted.
  const sorts = [values.filter(value => !value.quoted), values.filter(value => value.quoted)];
  const terms = sorts.filter(sort => sort.length > 0).map(sort => comparisonOf(token, sort));
  return joined(comparison === '!=' ? 'and' : 'or', terms);
}

function comparisonOf(token: Extract<Token, {type: 'field'}>, values: readonly ValueToken[]): Expression {
  const {name, comparison, at, end} = token;
  const [first, ...others] = values;
  const base = {type: 'field', name, comparison, value: first?.text ?? '', quoted: first?.quoted ?? false, at, end};
  const alternatives = others.map(value => value.text);
  return (alternatives.length > 0 ? {...base, alternatives} : base) as Expression;
}

function alternativesOfOneField(run: readonly Expression[]): readonly Expression[] {
  const byField = new Map<string, Expression[]>();
  run.forEach((expression, index) => {
    const key = sameFieldKey(expression) ?? `#${index}`;
    byField.set(key, [...(byField.get(key) ?? []), expression]);
  });
  return [...byField.values()].map(terms => joined('or', terms));
}

function sameFieldKey(expression: Expression): string | undefined {
  if (expression.type === 'field') return expression.comparison === '=' ? expression.name.toLowerCase() : undefined;
  // Values in and out of quotes became an `or` of the same field.
  const [first] = expression.type === 'or' ? expression.terms : [];
  return first?.type === 'field' && expression.type === 'or' && isOneTerm(expression.terms)
    ? sameFieldKey(first)
    : undefined;
}

function isOneTerm(terms: readonly Expression[]): boolean {
  const places = new Set(terms.map(term => (term.type === 'field' ? term.at : -1)));
  return places.size === 1 && !places.has(-1);
}

function joined(type: 'and' | 'or', terms: readonly Expression[]): Expression {
  const [only] = terms;
  return terms.length === 1 && only ? only : {type, terms};
}
