import {fold} from './fold.ts';

/** One word of a text search; a `prefix` matches any word that begins so. */
export interface Word {
  readonly text: string;
  readonly prefix: boolean;
}

// Letters, marks, digits and private-use characters make words, as in the full-text index's own tokenizer.
const wordOrStar = /([\p{L}\p{M}\p{N}\p{Co}]+)(\*?)/gu;

/** The words of a search text. Everything between words only separates them. */
export function wordsOf(text: string): readonly Word[] {
  return [...fold(text).matchAll(wordOrStar)].map(([, word = '', star]) => ({text: word, prefix: star === '*'}));
}

/**
 * A test whether a text has the words of `search` next to each other, in order, without case, with anything but letters
 * and digits between them. A search text without any word (`"->"`) is looked for as it is.
 *
 * @example
 * hasWords('failed pass*')('sshd: Failed password for root') // true
 */
export function hasWords(search: string): (text: string) => boolean {
  const words = wordsOf(search);
  if (words.length === 0) {
    const literal = fold(search);
    return text => fold(text).includes(literal);
  }
  // Words hold no character with a meaning in a pattern, and the classes exclude each other: matching is linear.
  const letter = '[\\p{L}\\p{M}\\p{N}\\p{Co}]';
  const gap = '[^\\p{L}\\p{M}\\p{N}\\p{Co}]+';
  const body = words.map(word => word.text + (word.prefix ? `${letter}*` : '')).join(gap);
  const pattern = new RegExp(`(?<!${letter})${body}(?!${letter})`, 'u');
  return text => pattern.test(fold(text));
}
