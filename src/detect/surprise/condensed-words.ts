const days = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
const months = new Set(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']);
/** Units that a program picks by the size of the number, so that the same statement writes several. */
const units = new Set(
  `B KB MB GB TB kB kb KiB MiB GiB TiB ns us µs ms s sec secs second seconds min mins minute minutes h hr hrs hour hours
  day days`.split(/\s+/),
);
const longestPeriod = 3;

/**
 * Makes one word of several that are one value: a number and its unit (`18.4 KB`, `<1 sec`), a date in words, the
 * items of a list, however many there are.
 */
export function condensed(words: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; ) {
    const end = dateEnd(words, at);
    if (end > at) {
      append(kept, `<time>${trailing(words[end - 1] ?? '')}`);
      at = end;
      continue;
    }
    const next = words[at + 1];
    const word = withoutComparison(isBlank(words, at) ? '<n>' : (words[at] ?? ''));
    const unit =
      next !== undefined && word.endsWith('<n>') && units.has(next.slice(0, next.length - trailing(next).length));
    append(kept, unit ? word + trailing(next) : word);
    at += unit ? 2 : 1;
  }
  return kept;
}

/** Adds a word, and takes back the last few where they only repeat those before them. */
function append(kept: string[], word: string): void {
  kept.push(word);
  if (kept.length < 2) return;
  for (let period = 1; period <= longestPeriod; period++) {
    const start = kept.length - period;
    if (start < period || !repeats(kept, start, period)) continue;
    kept.splice(start - period, period);
    return;
  }
}

function repeats(kept: readonly string[], start: number, period: number): boolean {
  let masked = false;
  for (let at = start; at < start + period; at++) masked ||= (kept[at] ?? '').includes('<');
  if (!masked) return false;
  for (let at = start; at < start + period; at++) {
    if (numeric(item(kept[at] ?? '')) !== numeric(item(kept[at - period] ?? ''))) return false;
  }
  return true;
}

/** Where the date that begins here ends: `Sun Nov 6 12:01:02 PST 2005`, `Jan 2`; `at` itself where none begins. */
function dateEnd(words: readonly string[], at: number): number {
  if (!/^[A-Z][a-z]{2},?$/.test(words[at] ?? '')) return at;
  const month = days.has(item(words[at] ?? '')) ? at + 1 : at;
  if (!months.has(words[month] ?? '') || item(words[month + 1] ?? '') !== '<n>') return at;
  let end = month + 2;
  if (item(words[end] ?? '') !== '<time>') return end;
  end += 1;
  if (/^[A-Z]{3,4}$/.test(words[end] ?? '') && item(words[end + 1] ?? '').startsWith('<n>')) end += 1;
  return item(words[end] ?? '').startsWith('<n>') ? end + 1 : end;
}

/** A reading that was not to be had, in a row of numbers: `3552 **** 3515`. */
function isBlank(words: readonly string[], at: number): boolean {
  return /^(?:[*?]{2,8}|-{2,8})$/.test(words[at] ?? '') && words[at - 1] === '<n>' && words[at + 1] === '<n>';
}

function withoutComparison(word: string): string {
  return /^[<>~]=?<n>/.test(word) ? word.slice(word.indexOf('<n>')) : word;
}

/** A word without the marks that part it from the list's next, or end the list. */
function item(word: string): string {
  let end = word.length;
  while (end > 0 && ',;)]}'.includes(word[end - 1] ?? '')) end -= 1;
  return end === word.length ? word : word.slice(0, end);
}

/** Hexadecimal numbers without a letter look like others. */
function numeric(word: string): string {
  return word.replace('<hex>', '<n>');
}

function trailing(word: string): string {
  let end = word.length;
  while (end > 0 && ')]},;:.'.includes(word[end - 1] ?? '')) end -= 1;
  return word.slice(end);
}
