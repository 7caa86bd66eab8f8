import {screenSvg} from '../scripts/screen-svg.ts';
import {cellsOf} from '../scripts/terminal-cells.ts';

const draw = async (bytes: string, columns = 12, rows = 2) => screenSvg(await cellsOf(bytes, columns, rows), '#000000');

test('the same bytes give the same picture, however they were moved there', async () => {
  expect(await draw('one\r\ntwo')).toBe(await draw('\x1b[2;1Htwo\x1b[1;1Hone'));
  expect(await draw('one')).not.toBe(await draw('One'));
});

test('colours, bold and reverse are kept', async () => {
  const svg = await draw('\x1b[1;38;2;255;128;0mhot\x1b[0m \x1b[48;5;196mred\x1b[0m \x1b[7mR\x1b[0m');
  expect(svg).toMatch(/fill="#ff8000" font-weight="bold">hot</);
  expect(svg).toContain('fill="#ff0000"');
  expect(svg).toMatch(/<rect [^>]*fill="#d5dae3"\/>\n(.*\n)*.*fill="#11151c">R</);
});

test('box lines, blocks and braille are shapes, not letters', async () => {
  const svg = await draw('┏━┓│▄⣿');
  expect(svg).not.toContain('<text');
  expect(svg.match(/<path/g)).toHaveLength(5);
  expect(svg.match(/<rect/g)).toHaveLength(2);
});

test('a wide character takes two cells', async () => {
  const svg = await draw('漢x');
  expect(svg).toMatch(/x="0" [^>]*textLength="16.8"[^>]*>漢</);
  expect(svg).toMatch(/x="16.8" [^>]*>x</);
});

test('text cannot break out of the picture', async () => {
  expect(await draw('<a>&"')).toContain('&lt;a&gt;&amp;');
});
