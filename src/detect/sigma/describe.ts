import {textForm} from './match/text-form.ts';
import {showPattern} from './parse/pattern.ts';
import type {Operator, Place, Test} from './rule.ts';

const places = {equals: 'is', starts: 'starts with', ends: 'ends with', contains: 'contains'} as const;
const operators: Readonly<Record<Operator, string>> = {eq: '=', neq: '≠', lt: '<', lte: '≤', gt: '>', gte: '≥'};
const references: Readonly<Record<Place, string>> = {
  whole: 'equals',
  start: 'starts with',
  end: 'ends with',
  inside: 'contains',
};

/** A comparison in words: `CommandLine contains -enc`. `source` is the value as the rule has it. */
export function compareWords(field: string, test: Test, source: string): string {
  switch (test.kind) {
    case 'text': {
      const form = textForm(test.pattern);
      const cased = test.cased ? ' (case counts)' : '';
      if (!form) return `${field} is like ${showPattern(test.pattern)}${cased}`;
      return `${field} ${places[form.place]} ${form.text === '' ? '(nothing)' : form.text}${cased}`;
    }
    case 'regex':
      return `${field} matches /${test.expression}/${test.flags}`;
    case 'number':
      return `${field} is ${source}`;
    case 'compare':
      return `${field} ${operators[test.operator]} ${test.value}`;
    case 'time':
      return `${test.part} of ${field} ${operators[test.operator]} ${test.value}`;
    case 'cidr':
      return `${field} is within ${test.block}`;
    case 'null':
      return `${field} is missing`;
    case 'exists':
      return `${field} is ${test.wanted ? 'there' : 'not there'}`;
    case 'fieldref':
      return `${field} ${references[test.place]} the value of ${test.field}`;
    default:
      return test satisfies never;
  }
}
