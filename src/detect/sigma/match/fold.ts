// Units whose lower case is one unit: folding never changes a text's length, so that places in it stay the same.
const table = new Uint16Array(65_536);
let ready = false;

/** Lower case, unit by unit: how texts are compared without case. */
export function fold(text: string): string {
  return isAscii(text) ? text.toLowerCase() : foldUnits(text);
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function foldUnits(text: string): string {
  if (!ready) fillTable();
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) units[at] = table[text.charCodeAt(at)] ?? 0;
  let folded = '';
  for (let at = 0; at < units.length; at += 8_192) folded += String.fromCharCode(...units.subarray(at, at + 8_192));
  return folded;
}

function fillTable(): void {
  for (let unit = 0; unit < 65_536; unit++) {
    const lower = String.fromCharCode(unit).toLowerCase();
    table[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit;
  }
  ready = true;
}
