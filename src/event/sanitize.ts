// Characters that a terminal would obey, or that make text read otherwise than it is stored: C0 controls other than
// tab, LF and CR; DEL; C1 controls; bidirectional controls; zero-width and line/paragraph separators; lone surrogates.
const unsafe =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const maybeUnsafe = /[^\t\n\r\u0020-\u007e\u00a0-\u0600]/;

/**
 * Makes text from outside safe to show: each unsafe character becomes one visible glyph (ESC → ␛), so that nothing is
 * lost to the eye and nothing reaches the terminal. Tab, CR and LF stay. Done once, where data enters.
 *
 * @example
 * sanitize('\u001b[2Jhello') // '␛[2Jhello'
 */
export function sanitize(text: string): string {
  return maybeUnsafe.test(text) ? text.replace(unsafe, visible) : text;
}

/** As `sanitize`, and tab, CR and LF become glyphs too: for one line of a screen or a table. */
export function sanitizeLine(text: string): string {
  const safe = sanitize(text);
  return /[\t\n\r]/.test(safe) ? safe.replace(/[\t\n\r]/g, visible) : safe;
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '␡';
  return '�';
}
