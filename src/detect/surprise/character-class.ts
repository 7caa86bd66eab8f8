/** What kind of character a code is, for cutting lines into words: everything beyond ASCII counts as a letter. */
export function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? isOther) : isLetter;
}

export const isDigit = 1;
export const isHexLetter = 2;
export const isLetter = 3;
export const isDelimiter = 4;
export const isSpace = 5;
export const isQuote = 6;
const isOther = 7;
export const isColon = 8;
export const isDot = 9;
export const isDash = 10;
export const isUnderscore = 11;
export const isSlash = 12;
export const isBackslash = 13;
export const isAt = 14;
/** One more than the highest class. */
export const classCount = 15;
const classes = characterClasses();

/** True for what belongs to the same word as the character before it. */
export function inWord(code: number): boolean {
  const kind = classOf(code);
  return kind !== isSpace && kind !== isDelimiter && kind !== isQuote;
}

export function isAlphanumeric(code: number): boolean {
  const kind = classOf(code);
  return kind === isDigit || kind === isLetter || kind === isHexLetter;
}

function characterClasses(): Uint8Array {
  const table = new Uint8Array(128).fill(isOther);
  for (let code = 0; code <= 0x20; code++) table[code] = isSpace;
  for (let code = 0x30; code <= 0x39; code++) table[code] = isDigit;
  for (let code = 0x61; code <= 0x7a; code++) {
    table[code] = code <= 0x66 ? isHexLetter : isLetter;
    table[code - 0x20] = table[code] ?? isLetter;
  }
  for (const character of '=,;()[]{}<>|!?') table[character.charCodeAt(0)] = isDelimiter;
  for (const character of '"\'`') table[character.charCodeAt(0)] = isQuote;
  const marks = {':': isColon, '.': isDot, '-': isDash, _: isUnderscore, '/': isSlash, '\\': isBackslash, '@': isAt};
  for (const [mark, kind] of Object.entries(marks)) table[mark.charCodeAt(0)] = kind;
  return table;
}
