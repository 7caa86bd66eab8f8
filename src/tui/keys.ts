/** One key: a printable character itself, or a name (`enter`, `ctrl+d`, `shift+tab`, `alt+b`, `pageup`, `paste` …). */
export interface Key {
  readonly name: string;
  /** What a printable key or a paste would insert; '' for others. */
  readonly text: string;
}

/** How long a lone Esc waits for the rest of a sequence, and a paste for its end, in milliseconds. */
export const escapeWait = 30;
export const pasteWait = 500;

const longestSequence = 64;
const longestPaste = 65_536;
const pasteBegin = '\x1b[200~';
const pasteEnd = '\x1b[201~';

/**
 * Turns what a terminal sends into keys. Keys that queued up come in one chunk; a sequence may be split over chunks.
 * After `push`, when `wait` is not 0, the caller calls `flush` unless more came within that many milliseconds.
 */
export class KeyReader {
  #rest = '';
  #paste: string | undefined;

  get wait(): number {
    if (this.#paste !== undefined) return pasteWait;
    return this.#rest === '' ? 0 : escapeWait;
  }

  push(chunk: string): readonly Key[] {
    this.#rest += chunk;
    const keys: Key[] = [];
    while (this.#rest !== '') {
      const taken = this.#paste === undefined ? this.#takeKey(keys) : this.#takePaste(keys);
      if (!taken) break;
    }
    return keys;
  }

  /** No more came: what waits is taken for what it is. */
  flush(): readonly Key[] {
    const rest = this.#rest;
    this.#rest = '';
    if (this.#paste !== undefined) {
      const text = this.#paste + rest;
      this.#paste = undefined;
      return [{name: 'paste', text}];
    }
    if (rest === '') return [];
    const keys: Key[] = [named('escape')];
    // An unfinished sequence says nothing but that Esc was pressed; a character behind it is a key of its own.
    if (rest.length === 2 && rest[1] !== undefined && !'[O'.includes(rest[1])) keys.push(character(rest[1]));
    return keys;
  }

  /** Takes one key off the front; false where more must come first. */
  #takeKey(keys: Key[]): boolean {
    const rest = this.#rest;
    if (rest.startsWith(pasteBegin)) {
      this.#rest = rest.slice(pasteBegin.length);
      this.#paste = '';
      return true;
    }
    if (rest[0] !== '\x1b') return this.#take(keys, String.fromCodePoint(rest.codePointAt(0) ?? 0), character);
    const sequence = /^\x1b(?:\[\[?[0-9;:<=>?]*[ -/]*[@-~]|O[ -~])/.exec(rest)?.[0];
    if (sequence !== undefined && sequence !== '\x1b[[') return this.#take(keys, sequence, sequenceKey);
    if (/^\x1b(?:\[[0-9;:<=>?[]*[ -/]*|O)?$/.test(rest)) {
      if (rest.length <= longestSequence) return false;
      this.#rest = '';
      return false;
    }
    if (rest[1] === '\x1b') return this.#take(keys, '\x1b', () => named('escape'));
    const second = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    return this.#take(keys, `\x1b${second}`, text => named(`alt+${character(text.slice(1)).name}`));
  }

  #take(keys: Key[], text: string, key: (text: string) => Key | undefined): boolean {
    this.#rest = this.#rest.slice(text.length);
    const found = key(text);
    if (found) keys.push(found);
    return true;
  }

  #takePaste(keys: Key[]): boolean {
    const end = this.#rest.indexOf(pasteEnd);
    // The end mark itself may be split, so its length is held back.
    const upTo = end >= 0 ? end : Math.max(0, this.#rest.length - pasteEnd.length + 1);
    this.#paste = `${this.#paste ?? ''}${this.#rest.slice(0, upTo)}`.slice(0, longestPaste);
    this.#rest = this.#rest.slice(end >= 0 ? end + pasteEnd.length : upTo);
    if (end < 0) return false;
    keys.push({name: 'paste', text: this.#paste});
    this.#paste = undefined;
    return true;
  }
}

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b': 'escape',
  '\0': 'ctrl+space',
};

function character(text: string): Key {
  const control = controls[text];
  if (control !== undefined) return named(control);
  const code = text.codePointAt(0) ?? 0;
  if (code < 0x20) return named(`ctrl+${String.fromCharCode(code + 0x60)}`);
  return {name: text === ' ' ? 'space' : text, text};
}

const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  M: 'enter',
  Z: 'shift+tab',
};

const numbered: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
};

/** The key of an escape sequence; undefined for what is no key (answers to questions, unknown ones). */
function sequenceKey(sequence: string): Key | undefined {
  const parts = /^\x1b[[O]([0-9;]*)(.)$/.exec(sequence);
  const [first = '', modifier = '1'] = (parts?.[1] ?? '').split(';');
  const name = parts?.[2] === '~' ? numbered[first] : finals[parts?.[2] ?? ''];
  if (name === undefined) return undefined;
  const held = Number(modifier) - 1;
  return named(`${held & 4 ? 'ctrl+' : ''}${held & 2 ? 'alt+' : ''}${held & 1 ? 'shift+' : ''}${name}`);
}

function named(name: string): Key {
  return {name, text: ''};
}
