import type {TextPlace} from '../match/text-form.ts';
import {FieldLiterals} from './field-literals.ts';
import {type Form, literalsOf} from './literal.ts';

/** Up to so many texts are tried one by one. */
const mostOneByOne = 24;

/** Whether any of some texts stands in a value, which is folded. For when one leaf is asked for, not all. */
export function textFinder(forms: readonly Form[]): (folded: string) => boolean {
  const of = (wanted: TextPlace) => forms.flatMap(({place, text}) => (place === wanted ? [text] : []));
  const equal = new Set(of('equals'));
  if (forms.length - equal.size > mostOneByOne) {
    const literals = new FieldLiterals(literalsOf([[0, forms]]));
    return folded => literals.scanFolded(folded).length > 0;
  }
  const [starts, ends, inside] = [of('starts'), of('ends'), of('contains')];
  return folded => {
    if (equal.has(folded)) return true;
    for (const text of ends) if (folded.endsWith(text)) return true;
    for (const text of starts) if (folded.startsWith(text)) return true;
    for (const text of inside) if (folded.includes(text)) return true;
    return false;
  };
}
