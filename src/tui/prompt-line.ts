import type {Theme} from './pane.ts';
import {cellWidth, cutCells, fitCells, printable} from './text.ts';
import type {ViewState} from './view-state.ts';

/** The bottom line where it is not the footer: a line being typed, a question, or what the last key did. */
export function promptLine(view: ViewState, width: number, theme: Theme): string {
  if (view.prompt) return typedLine(view.prompt, width, theme);
  const text = view.verdictFor === undefined ? view.message : verdictQuestion;
  return theme.paint(view.verdictFor === undefined ? 'accent' : 'bold', fitCells(` ${text}`, width, theme.unicode));
}

/** Why the typed line was not accepted, where that has no room beside it: to stand in the line above. */
export function promptError({prompt}: ViewState, width: number, theme: Theme): string | undefined {
  if (prompt?.error === undefined || fitsBeside(prompt.error, width)) return undefined;
  return theme.paint('high', fitCells(` ${prompt.error}`, width, theme.unicode));
}

function fitsBeside(error: string, width: number): boolean {
  return cellWidth(error) + 2 <= Math.floor(width / 2);
}

const verdictQuestion = 'Close as: t true positive  f false positive  b benign  esc leave open';

function typedLine(prompt: NonNullable<ViewState['prompt']>, width: number, theme: Theme): string {
  const head = prompt.kind === 'search' ? ' /' : ' filter: ';
  const error =
    prompt.error !== undefined && fitsBeside(prompt.error, width)
      ? fitCells(`  ${prompt.error}`, cellWidth(prompt.error) + 2, theme.unicode)
      : '';
  const room = Math.max(1, width - cellWidth(head) - cellWidth(error) - 1);
  const characters = [...printable(prompt.text, true)];
  const before = characters.slice(0, prompt.cursor);
  // The line slides left under the cursor where it is longer than its room.
  while (before.length > 0 && cellWidth(before.join('')) > room - 2) before.shift();
  const at = characters[prompt.cursor] ?? ' ';
  const after = cutCells(
    characters.slice(prompt.cursor + 1).join(''),
    room - cellWidth(before.join('')) - cellWidth(at),
  );
  const used = cellWidth(head) + cellWidth(before.join('') + at + after);
  return (
    theme.paint('bold', head) +
    before.join('') +
    cursorMark(at) +
    after +
    ' '.repeat(Math.max(0, width - used - cellWidth(error))) +
    theme.paint('high', error)
  );
}

/** Reverse video is no colour: it stays under NO_COLOR, for the cursor must be seen. */
function cursorMark(character: string): string {
  return `\x1b[7m${character}\x1b[27m`;
}
