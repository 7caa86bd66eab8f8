import {actionFor, footerFor, helpBindings, type KeyContext, keymap} from './keymap.ts';

test('no key means two things in one context', () => {
  const seen = new Set<string>();
  for (const {keys, context} of keymap) {
    for (const key of keys) {
      expect(seen).not.toContain(`${context} ${key}`);
      seen.add(`${context} ${key}`);
    }
  }
});

test('the more particular context decides', () => {
  expect(actionFor('j', ['list', 'anywhere'])).toBe('down');
  expect(actionFor('a', ['list', 'anywhere'])).toBeUndefined();
  expect(actionFor('a', ['alerts', 'list', 'anywhere'])).toBe('acknowledge');
  expect(actionFor('right', ['charts', 'anywhere'])).toBe('next-chart');
});

test('the help holds every key of the table', () => {
  const text = helpBindings()
    .map(binding => binding.keys)
    .join(' ')
    .split(' ');
  for (const {keys} of keymap) {
    for (const key of keys) expect(text).toContain({escape: 'esc', pagedown: 'PgDn', pageup: 'PgUp'}[key] ?? key);
  }
});

test('the footer begins with help and quit in every context', () => {
  for (const context of ['list', 'alerts', 'charts', 'details'] satisfies KeyContext[]) {
    expect(footerFor([context, 'anywhere']).slice(0, 2)).toEqual([
      {key: '?', label: 'help'},
      {key: 'q', label: 'quit'},
    ]);
  }
});
