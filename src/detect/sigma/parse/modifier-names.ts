import {RuleError} from './rule-error.ts';

const placing = ['contains', 'startswith', 'endswith'] as const;
const encoding = ['base64', 'base64offset', 'utf16le', 'utf16be', 'utf16', 'wide'] as const;
const comparing = ['lt', 'lte', 'gt', 'gte'] as const;
const timing = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
const flags = ['i', 'm', 's'] as const;
const others = ['all', 'neq', 'cased', 'windash', 're', 'cidr', 'exists', 'expand', 'fieldref'] as const;

export const modifierNames = [...others, ...placing, ...encoding, ...comparing, ...timing, ...flags] as const;
export type ModifierName = (typeof modifierNames)[number];

/** What may stand beside a modifier; one that is not listed goes with all that make texts of texts. */
const companions: Partial<Record<ModifierName, readonly ModifierName[]>> = {
  exists: [],
  re: ['i', 'm', 's', 'all', 'neq', 'expand'],
  i: ['re', 'm', 's', 'all', 'neq', 'expand'],
  m: ['re', 'i', 's', 'all', 'neq', 'expand'],
  s: ['re', 'i', 'm', 'all', 'neq', 'expand'],
  cidr: ['all', 'neq', 'expand'],
  fieldref: ['all', 'neq', 'cased', ...placing],
  lt: ['all', ...timing],
  lte: ['all', ...timing],
  gt: ['all', ...timing],
  gte: ['all', ...timing],
  ...Object.fromEntries(timing.map(name => [name, ['all', 'neq', ...comparing]])),
};

/** The modifiers behind a field's name, each known, used once, and with none that excludes it. */
export function readModifiers(words: readonly string[], line: number): ModifierName[] {
  const names = words.map(word => {
    const name = modifierNames.find(candidate => candidate === word);
    if (name) return name;
    throw new RuleError(line, `expected a modifier (${modifierNames.join(', ')}), found \`${word}\``);
  });
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      throw new RuleError(line, `expected the modifier \`${name}\` once, found it twice`);
    const allowed = companions[name];
    const wrong = names.find(other => other !== name && allowed !== undefined && !allowed.includes(other));
    if (wrong) throw new RuleError(line, `expected \`${name}\` without \`${wrong}\`: they exclude each other`);
  });
  atMostOne(names, placing, line);
  atMostOne(names, timing, line);
  atMostOne(names, comparing, line);
  checkOrder(names, line);
  return names;
}

function atMostOne(names: readonly ModifierName[], group: readonly ModifierName[], line: number): void {
  const found = names.filter(name => group.includes(name));
  if (found.length > 1)
    throw new RuleError(line, `expected one of ${found.join(' and ')}, found both: they exclude each other`);
}

function checkOrder(names: readonly ModifierName[], line: number): void {
  const re = names.indexOf('re');
  for (const flag of flags) {
    const at = names.indexOf(flag);
    if (at >= 0 && (re < 0 || at < re))
      throw new RuleError(line, `expected \`${flag}\` behind \`re\`, whose flag it is`);
  }
}
