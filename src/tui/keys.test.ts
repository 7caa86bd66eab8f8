import {KeyReader} from './keys.ts';

function names(...chunks: readonly string[]): readonly string[] {
  const reader = new KeyReader();
  return [...chunks.flatMap(chunk => reader.push(chunk)), ...reader.flush()].map(key => key.name);
}

test('keys that queued up in one chunk are all found', () => {
  expect(names('jjj')).toEqual(['j', 'j', 'j']);
  expect(names('j\x1b[Bk\x1b[5~G')).toEqual(['j', 'down', 'k', 'pageup', 'G']);
});

test('the named keys', () => {
  expect(names('\r\n\t\x7f\b ')).toEqual(['enter', 'enter', 'tab', 'backspace', 'backspace', 'space']);
  expect(names('\x03\x04\x0c\x15\x1a')).toEqual(['ctrl+c', 'ctrl+d', 'ctrl+l', 'ctrl+u', 'ctrl+z']);
  expect(names('\x1b[A\x1bOB\x1b[1~\x1b[4~\x1b[H\x1bOF\x1b[3~')).toEqual([
    'up',
    'down',
    'home',
    'end',
    'home',
    'end',
    'delete',
  ]);
  expect(names('\x1b[Z', '\x1b[1;5C', '\x1bb', '\x1b\x7f')).toEqual([
    'shift+tab',
    'ctrl+right',
    'alt+b',
    'alt+backspace',
  ]);
});

test('a sequence split over chunks is one key', () => {
  expect(names('\x1b', '[', '6', '~j')).toEqual(['pagedown', 'j']);
  expect(names('\x1b', 'OA')).toEqual(['up']);
});

test('Esc alone waits 30 ms, then is a key', () => {
  const reader = new KeyReader();
  expect(reader.push('\x1b')).toEqual([]);
  expect(reader.wait).toBe(30);
  expect(reader.flush().map(key => key.name)).toEqual(['escape']);
  expect(reader.wait).toBe(0);
});

test('Esc before another key or a sequence stays Esc', () => {
  expect(names('\x1b\x1b[A')).toEqual(['escape', 'up']);
  expect(names('\x1b\x1b')).toEqual(['escape', 'escape']);
});

test('an answer of the terminal or an unknown sequence is no key', () => {
  expect(names('\x1b[?62;4c\x1b[12;40R\x1b[<0;3;4Mj\x1b[15~')).toEqual(['j']);
});

test('a paste is one key with its text, keys within it do nothing', () => {
  const reader = new KeyReader();
  const keys = [...reader.push('a\x1b[200~qq\x1b[Aq'), ...reader.push('\x1b[20'), ...reader.push('1~b')];
  expect(keys).toEqual([
    {name: 'a', text: 'a'},
    {name: 'paste', text: 'qq\x1b[Aq'},
    {name: 'b', text: 'b'},
  ]);
});

test('a paste whose end never comes does not swallow the keyboard', () => {
  const reader = new KeyReader();
  reader.push('\x1b[200~abc');
  expect(reader.wait).toBe(500);
  expect(reader.flush()).toEqual([{name: 'paste', text: 'abc'}]);
  expect(reader.push('q')).toEqual([{name: 'q', text: 'q'}]);
});

test('wide and accented characters are one key each', () => {
  expect(names('é漢😀')).toEqual(['é', '漢', '😀']);
});

test('any bytes are read without an exception, in bounded memory', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const pieces = ['\x1b', '[', 'O', '2', '00~', ';', 'A', '~', '\x1b[201~', 'é', '?', '\0', '\x1b[200~', '[['];
  const reader = new KeyReader();
  let longest = 0;
  for (let round = 0; round < 20_000; round++) {
    for (const key of reader.push(pieces[random(pieces.length)] ?? '')) longest = Math.max(longest, key.text.length);
    if (random(20) === 0) reader.flush();
  }
  expect(longest).toBeLessThanOrEqual(65_536);
  reader.flush();
  expect(reader.push(`\x1b[${'1;'.repeat(100)}`)).toEqual([]);
  expect(reader.push('j').map(key => key.name)).toEqual(['j']);
});
