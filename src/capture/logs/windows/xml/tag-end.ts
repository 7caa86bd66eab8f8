/** What a search in a text that is still being received found: an index, that more text is needed, or that it is no XML. */
export type Found = number | 'more' | 'broken';

/** Longer tags are none of Windows'. */
const longestTag = 65_536;

/** The index of the `>` that ends the tag which begins at `open`. A `<` inside is never allowed. */
export function tagEnd(text: string, open: number): Found {
  let quote = 0;
  const limit = Math.min(text.length, open + longestTag);
  for (let at = open + 1; at < limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 60) return 'broken';
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 62) return at;
    else if (code === 34 || code === 39) quote = code;
  }
  return text.length >= open + longestTag ? 'broken' : 'more';
}

const passages = [
  {start: '<![CDATA[', end: ']]>'},
  {start: '<!--', end: '-->'},
  {start: '<?', end: '?>'},
] as const;

/** The index behind a CDATA section, comment or instruction at `open`; undefined where a tag begins there. */
export function passageEnd(text: string, open: number): Found | undefined {
  const next = text.charCodeAt(open + 1);
  if (next !== 33 && next !== 63) return Number.isNaN(next) ? 'more' : undefined;
  for (const {start, end} of passages) {
    if (!text.startsWith(start, open)) continue;
    const found = text.indexOf(end, open + start.length);
    return found < 0 ? 'more' : found + end.length;
  }
  const isCut = passages.some(({start}) => start.startsWith(text.slice(open)));
  return isCut ? 'more' : 'broken';
}
