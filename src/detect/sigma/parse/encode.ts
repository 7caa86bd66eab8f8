/** UTF-16 as bytes, one character each. */
export function utf16(text: string, order: 'le' | 'be'): string {
  const bytes = Buffer.from(text, 'utf16le');
  return (order === 'le' ? bytes : bytes.swap16()).toString('latin1');
}

/** Text as the bytes of UTF-8, one character each. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function base64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

/**
 * What of the bytes' Base64 does not depend on what stands before and behind them, for each of the three places they
 * can begin at within a group of three.
 */
export function base64Offsets(bytes: string): string[] {
  return [0, 1, 2].map(offset => {
    const encoded = base64('\0'.repeat(offset) + bytes);
    const begin = [0, 2, 3][offset] ?? 0;
    const rest = (bytes.length + offset) % 3;
    return encoded.slice(begin, rest === 0 ? undefined : rest === 1 ? -3 : -2);
  });
}

const dashes = ['-', '/', '–', '—', '―'];

/** Every text that comes of putting each of the five dash characters where one stands; undefined if over `most`. */
export function dashVariants(text: string, most: number): string[] | undefined {
  const parts = text.split(/[-/–—―]/);
  if (dashes.length ** (parts.length - 1) > most) return undefined;
  const [first = '', ...rest] = parts;
  return rest.reduce((texts, part) => texts.flatMap(before => dashes.map(dash => before + dash + part)), [first]);
}
