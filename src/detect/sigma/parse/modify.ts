import {parseBlock} from '../../../query/cidr.ts';
import type {Operator, Pattern, Place, Test, TimePart} from '../rule.ts';
import {base64, base64Offsets, dashVariants, utf8, utf16} from './encode.ts';
import {type ModifierName, readModifiers} from './modifier-names.ts';
import {plainText, readPattern, showPattern, tidy} from './pattern.ts';
import {expandPattern, expandText, type Placeholders} from './placeholders.ts';
import {checkRegex, quoteRegex} from './regex.ts';
import {RuleError} from './rule-error.ts';
import {describe} from './tree-access.ts';
import type {ScalarTree, Tree} from './yaml-tree.ts';

/** A field's values as tests of one value each, and how they are linked. */
export interface Tests {
  /** For each value of the rule, the tests of which one must hold. */
  readonly values: readonly {readonly source: string; readonly tests: readonly Test[]}[];
  /** All values must be found, not just one. */
  readonly all: boolean;
  readonly negated: boolean;
}

const mostVariants = 625;

/** Applies the modifiers behind a field's name, in their order, to its values. */
export function modify(words: readonly string[], value: Tree, line: number, placeholders: Placeholders): Tests {
  const names = readModifiers(words, line);
  const items = value.kind === 'list' ? value.items : [value];
  const scalars = items.map(item => {
    if (item.kind === 'scalar') return item;
    throw new RuleError(item.line, `expected a value or a list of values, found ${describe(item)}`);
  });
  checkList(names, scalars, value);
  const context: Context = {names, line, placeholders};
  return {
    values: scalars.map(scalar => ({source: showValue(scalar), tests: testsOf(scalar, context)})),
    all: names.includes('all'),
    negated: names.includes('neq'),
  };
}

interface Context {
  readonly names: readonly ModifierName[];
  readonly line: number;
  readonly placeholders: Placeholders;
}

function checkList(names: readonly ModifierName[], scalars: readonly ScalarTree[], value: Tree): void {
  if (scalars.length === 0) throw new RuleError(value.line, 'expected at least one value, found an empty list');
  if (names.includes('all') && scalars.length < 2) {
    throw new RuleError(value.line, 'expected two values or more for the modifier `all`, found one: leave `all` out');
  }
  const none = scalars.find(scalar => scalar.value === null);
  if (none && scalars.length > 1) {
    throw new RuleError(none.line, 'expected no `null` among other values: give it a selection of its own');
  }
  if (names.includes('exists') && (scalars.length > 1 || typeof scalars[0]?.value !== 'boolean')) {
    throw new RuleError(value.line, `expected true or false for \`exists\`, found ${describe(value)}`);
  }
}

function testsOf(scalar: ScalarTree, context: Context): Test[] {
  const {names} = context;
  if (scalar.value === null) return [nullTest(scalar, names)];
  if (names.includes('exists')) return [{kind: 'exists', wanted: scalar.value === true}];
  if (names.includes('re')) return [regexTest(scalar, context)];
  if (names.includes('fieldref')) return [fieldReference(scalar, names)];
  const part = names.find(isTimePart);
  const operator = names.find(isComparison);
  if (part !== undefined || operator !== undefined) return [numberTest(scalar, part, operator ?? 'eq')];
  if (typeof scalar.value === 'number' && names.every(name => name === 'neq' || name === 'all')) {
    return [{kind: 'number', value: scalar.value, source: scalar.source}];
  }
  const patterns = transform(scalar, context);
  if (names.includes('cidr')) return patterns.map(pattern => cidrTest(pattern, scalar.line));
  const cased = names.includes('cased');
  return patterns.map(pattern => ({kind: 'text', pattern, cased}));
}

function nullTest(scalar: ScalarTree, names: readonly ModifierName[]): Test {
  const wrong = names.find(name => name !== 'neq');
  if (wrong) throw new RuleError(scalar.line, `expected a value for the modifier \`${wrong}\`, found nothing`);
  return {kind: 'null'};
}

function regexTest(scalar: ScalarTree, {names, placeholders}: Context): Test {
  const source = String(scalar.value === true || scalar.value === false ? scalar.value : scalarSource(scalar));
  const expression = names.includes('expand') ? expandText(source, placeholders, scalar.line, quoteRegex) : source;
  const flags = (['i', 'm', 's'] as const).filter(flag => names.includes(flag)).join('');
  checkRegex(expression, flags, scalar.line);
  return {kind: 'regex', expression, flags};
}

function fieldReference(scalar: ScalarTree, names: readonly ModifierName[]): Test {
  if (typeof scalar.value !== 'string' || scalar.value === '') {
    throw new RuleError(scalar.line, `expected the name of a field for \`fieldref\`, found ${describe(scalar)}`);
  }
  const places: Partial<Record<ModifierName, Place>> = {startswith: 'start', endswith: 'end', contains: 'inside'};
  const place = names.map(name => places[name]).find(found => found !== undefined) ?? 'whole';
  return {kind: 'fieldref', field: scalar.value, place, cased: names.includes('cased')};
}

function numberTest(scalar: ScalarTree, part: TimePart | undefined, operator: Operator): Test {
  if (typeof scalar.value !== 'number') {
    throw new RuleError(scalar.line, `expected a number for \`${part ?? operator}\`, found ${describe(scalar)}`);
  }
  const {value} = scalar;
  return part === undefined ? {kind: 'compare', operator, value} : {kind: 'time', part, operator, value};
}

function cidrTest(pattern: Pattern, line: number): Test {
  const block = showPattern(pattern);
  if (parseBlock(block)) return {kind: 'cidr', block};
  throw new RuleError(
    line,
    `expected a block of addresses such as 10.0.0.0/8 or fe80::/10 for \`cidr\`, found \`${block}\``,
  );
}

/** The texts that a value stands for after its transforming modifiers. */
function transform(scalar: ScalarTree, {names, placeholders}: Context): Pattern[] {
  const {line} = scalar;
  const pieces = readPattern(scalarSource(scalar), names.includes('expand'));
  const expandFirst = names.includes('expand');
  let patterns: Pattern[] = expandFirst ? expandPattern(pieces, placeholders, line) : [tidy(pieces as Pattern)];
  for (const name of names) {
    patterns = patterns.flatMap(pattern => applyOne(name, pattern, line));
  }
  return patterns;
}

function applyOne(name: ModifierName, pattern: Pattern, line: number): Pattern[] {
  switch (name) {
    case 'contains':
      return [tidy(['*', ...pattern, '*'])];
    case 'startswith':
      return [tidy([...pattern, '*'])];
    case 'endswith':
      return [tidy(['*', ...pattern])];
    case 'windash':
      return windash(pattern, line);
    case 'wide':
    case 'utf16le':
      return [[{text: utf16(plain(name, pattern, line), 'le')}]];
    case 'utf16be':
      return [[{text: utf16(plain(name, pattern, line), 'be')}]];
    case 'utf16':
      return [[{text: `\xff\xfe${utf16(plain(name, pattern, line), 'le')}`}]];
    case 'base64':
      return [[{text: base64(bytesOf(plain(name, pattern, line)))}]];
    case 'base64offset':
      return base64Offsets(bytesOf(plain(name, pattern, line))).map(text => [{text}]);
    default:
      return [pattern];
  }
}

/** UTF-16 is bytes already; anything else is encoded as UTF-8. Both agree where all is ASCII. */
function bytesOf(text: string): string {
  return text.includes('\0') || text.startsWith('\xff\xfe') ? text : utf8(text);
}

function plain(name: ModifierName, pattern: Pattern, line: number): string {
  const text = plainText(pattern);
  if (text !== undefined && text !== '') return text;
  const what =
    text === ''
      ? 'an empty text'
      : `\`${showPattern(pattern)}\` (put \`${name}\` before contains, startswith or endswith)`;
  throw new RuleError(line, `expected a text without wildcards for \`${name}\`, found ${what}`);
}

function windash(pattern: Pattern, line: number): Pattern[] {
  let variants: Pattern[] = [[]];
  for (const piece of pattern) {
    const choices = typeof piece === 'string' ? [piece] : dashVariants(piece.text, mostVariants)?.map(text => ({text}));
    if (choices === undefined || variants.length * choices.length > mostVariants) {
      throw new RuleError(
        line,
        `expected at most four dashes for \`windash\`, found more in \`${showPattern(pattern)}\``,
      );
    }
    variants = variants.flatMap(variant => choices.map(choice => [...variant, choice]));
  }
  return variants;
}

function scalarSource(scalar: ScalarTree): string {
  return typeof scalar.value === 'string' ? scalar.value : scalar.source;
}

function showValue(scalar: ScalarTree): string {
  return scalar.value === null ? 'null' : scalarSource(scalar);
}

function isTimePart(name: ModifierName): name is TimePart & ModifierName {
  return ['minute', 'hour', 'day', 'week', 'month', 'year'].includes(name);
}

function isComparison(name: ModifierName): name is Operator & ModifierName {
  return ['lt', 'lte', 'gt', 'gte'].includes(name);
}
