import {canDrawScreen, terminalLook} from './terminal-look.ts';

const auto = {frames: 10, colour: 'auto', unicode: 'auto', time: 'local'} as const;

test('a screen needs a terminal at both ends that can place a cursor', () => {
  const [yes, no] = [{isTTY: true}, {isTTY: false}];
  expect(canDrawScreen(yes, yes, {TERM: 'xterm'})).toBe(true);
  expect(canDrawScreen(yes, no, {TERM: 'xterm'})).toBe(false);
  expect(canDrawScreen(no, yes, {TERM: 'xterm'})).toBe(false);
  expect(canDrawScreen(yes, yes, {TERM: 'dumb'})).toBe(false);
});

test('NO_COLOR means none unless the setting says always', () => {
  expect(terminalLook(auto, {NO_COLOR: '1', COLORTERM: 'truecolor'}).colour).toBe(false);
  expect(terminalLook(auto, {NO_COLOR: '', TERM: 'xterm-256color'}).colour).toBe(256);
  expect(terminalLook({...auto, colour: 'always'}, {NO_COLOR: '1', TERM: 'vt100'}).colour).toBe(true);
  expect(terminalLook({...auto, colour: 'never'}, {COLORTERM: 'truecolor'}).colour).toBe(false);
});

test('box characters only where the locale and the terminal have them', () => {
  expect(terminalLook(auto, {LANG: 'en_GB.UTF-8'}).unicode).toBe(true);
  expect(terminalLook(auto, {LANG: 'en_GB.UTF-8', LC_ALL: 'C'}).unicode).toBe(false);
  expect(terminalLook(auto, {LANG: 'en_GB.UTF-8', TERM: 'linux'}).unicode).toBe(false);
  expect(terminalLook({...auto, unicode: 'always'}, {}).unicode).toBe(true);
});
