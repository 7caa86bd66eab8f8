import {promptError, promptLine} from './prompt-line.ts';
import {cellWidth} from './text.ts';
import {createTheme} from './theme.ts';
import {initialView} from './view-state.ts';

const theme = createTheme({colour: false, unicode: true, zone: 'utc'});
const bare = (line: string) => line.replace(/\x1b\[\d+m/g, '');

test('a long line slides under the cursor and never outgrows its place', () => {
  const text = 'source:sshd 漢字漢字 level>=warning "failed password" host:web*';
  const length = [...text].length;
  for (let cursor = 0; cursor <= length; cursor++) {
    const line = promptLine({...initialView, prompt: {kind: 'filter', text, cursor}}, 40, theme);
    expect(cellWidth(bare(line))).toBe(40);
    expect(line).toContain('\x1b[7m');
  }
});

test('an error stands beside the line', () => {
  const prompt = {kind: 'filter', text: 'a (', cursor: 3, error: 'Expected ) after ('} as const;
  expect(bare(promptLine({...initialView, prompt}, 80, theme))).toMatch(/^ filter: a \( .*Expected \) after \($/);
});

test('an error that has no room beside the line stands whole above it', () => {
  const error = 'Expected a level (emergency, alert, critical, error), got ">warn"';
  const view = {...initialView, prompt: {kind: 'filter', text: 'level>>warn', cursor: 0, error} as const};
  expect(promptError(view, 80, theme)?.trim()).toBe(error);
  expect(bare(promptLine(view, 80, theme)).trim()).toBe('filter: level>>warn');
  expect(promptError(view, 200, theme)).toBeUndefined();
  expect(bare(promptLine(view, 200, theme))).toContain(error);
});
