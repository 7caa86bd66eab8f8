/**
 * Cells that text takes on a terminal. Written out here because a table is often all that a command prints, and every
 * start checks a filter that it may have to point at: loading a package for it takes 20 ms.
 */
export function cellWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += none.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return cells;
}

const none = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]/u;
// Unicode's East Asian Width W and F, and what is drawn as an emoji by itself.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** The longest beginning of a text that takes no more than `width` cells, with … where something was cut off. */
export function cutToWidth(text: string, width: number): string {
  if (text.length <= width && cellWidth(text) <= width) return text;
  let shown = '';
  let used = 0;
  for (const character of text) {
    used += cellWidth(character);
    if (used > width - 1) return `${shown}…`;
    shown += character;
  }
  return shown;
}
