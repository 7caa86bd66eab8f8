import {SymbolTable} from './symbols.ts';

const entry = (user: string) => ({provider: 'sshd', code: 0, message: `Accepted publickey for ${user} from 10.0.0.1`});

test('a symbol whose template was taken over leads to the one that took it', () => {
  const table = new SymbolTable();
  const first = table.symbolOf(entry('anna'));
  const second = table.symbolOf(entry('ben'));
  const version = table.version(second);
  expect(table.current(second)).toBe(second);
  for (const user of ['carla', 'dora', 'emil']) table.symbolOf(entry(user));
  expect(table.current(second)).toBe(first);
  expect(table.symbolOf(entry('ben'))).toBe(first);
  expect(table.name(second)).toEqual({provider: 'sshd', code: 0, text: 'Accepted publickey for <*> from <ip>'});
  expect(table.version(second)).not.toBe(version);
});

test('symbols and what they lead to are the same after save and restore', () => {
  const table = new SymbolTable();
  const symbols = ['anna', 'ben', 'carla', 'dora', 'emil'].map(user => table.symbolOf(entry(user)));
  const coded = table.symbolOf({provider: 'Security', code: 4624, message: 'An account was logged on'});
  const other = new SymbolTable();
  other.restore(JSON.parse(JSON.stringify(table.snapshot())));
  expect(symbols.map(symbol => other.current(symbol))).toEqual(symbols.map(symbol => table.current(symbol)));
  expect(other.symbolOf(entry('fritz'))).toBe(table.symbolOf(entry('fritz')));
  expect(other.current(coded)).toBe(coded);
  expect(other.symbolOf({provider: 'Security', code: 4624, message: ''})).toBe(coded);
});
