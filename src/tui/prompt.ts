import type {Key} from './keys.ts';

/** A line being edited, `cursor` counting characters (code points). */
export interface Prompt {
  readonly kind: 'search' | 'filter';
  readonly text: string;
  readonly cursor: number;
  /** Why the line was not accepted, until it is edited again. */
  readonly error?: string;
}

const longest = 1_000;

/** Applies one key as a shell's line editor would. A key that edits nothing leaves the line as it is. */
export function edit(prompt: Prompt, key: Key): Prompt {
  const characters = [...prompt.text];
  const {cursor} = prompt;
  const moved = (to: number): Prompt => ({...prompt, cursor: Math.min(Math.max(to, 0), characters.length)});
  const cut = (from: number, to: number): Prompt => ({
    kind: prompt.kind,
    text: [...characters.slice(0, from), ...characters.slice(to)].join(''),
    cursor: from,
  });
  switch (key.name) {
    case 'left':
    case 'ctrl+b':
      return moved(cursor - 1);
    case 'right':
    case 'ctrl+f':
      return moved(cursor + 1);
    case 'home':
    case 'ctrl+a':
      return moved(0);
    case 'end':
    case 'ctrl+e':
      return moved(characters.length);
    case 'ctrl+left':
    case 'alt+b':
      return moved(wordStart(characters, cursor));
    case 'ctrl+right':
    case 'alt+f':
      return moved(wordEnd(characters, cursor));
    case 'backspace':
      return cursor === 0 ? prompt : cut(cursor - 1, cursor);
    case 'delete':
    case 'ctrl+d':
      return cursor === characters.length ? prompt : cut(cursor, cursor + 1);
    case 'ctrl+w':
    case 'alt+backspace':
      return cut(wordStart(characters, cursor), cursor);
    case 'ctrl+u':
      return cut(0, cursor);
    case 'ctrl+k':
      return cut(cursor, characters.length);
    default:
      return insert(prompt, characters, key.text);
  }
}

function insert(prompt: Prompt, characters: readonly string[], text: string): Prompt {
  // A paste may hold anything; only what can stand in a line goes in.
  const added = [...text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')].slice(0, longest - characters.length);
  if (added.length === 0) return prompt;
  return {
    kind: prompt.kind,
    text: [...characters.slice(0, prompt.cursor), ...added, ...characters.slice(prompt.cursor)].join(''),
    cursor: prompt.cursor + added.length,
  };
}

function wordStart(characters: readonly string[], from: number): number {
  let at = from;
  while (at > 0 && characters[at - 1] === ' ') at--;
  while (at > 0 && characters[at - 1] !== ' ') at--;
  return at;
}

function wordEnd(characters: readonly string[], from: number): number {
  let at = from;
  while (at < characters.length && characters[at] === ' ') at++;
  while (at < characters.length && characters[at] !== ' ') at++;
  return at;
}
