import {Alphabet} from './alphabet.ts';
import type {FoundLeaves, Literal} from './literal.ts';
import {Trie} from './trie.ts';

/** Finds which texts a value begins (or ends) with, in one walk from that side. */
export class EdgeMatcher {
  readonly #trie: Trie;
  readonly #backwards: boolean;
  readonly #leaves: (readonly number[] | undefined)[] = [];

  constructor(literals: readonly Literal[], backwards: boolean) {
    this.#backwards = backwards;
    this.#trie = new Trie(new Alphabet(literals.map(literal => literal.text)));
    for (const literal of literals) this.#add(literal);
  }

  scan(text: string, found: FoundLeaves): void {
    const trie = this.#trie;
    let state = 0;
    for (let count = 0; count < text.length; count++) {
      const letter = trie.alphabet.classOf(text.charCodeAt(this.#backwards ? text.length - 1 - count : count));
      state = letter === 0 ? -1 : trie.next(state, letter);
      if (state < 0) return;
      const leaves = this.#leaves[state];
      if (leaves) found.push(leaves);
    }
  }

  #add({text, leaves}: Literal): void {
    let state = 0;
    for (let count = 0; count < text.length; count++) {
      const at = this.#backwards ? text.length - 1 - count : count;
      state = this.#trie.nextOrNew(state, this.#trie.alphabet.classOf(text.charCodeAt(at)));
    }
    while (this.#leaves.length <= state) this.#leaves.push(undefined);
    this.#leaves[state] = leaves;
  }
}
