import {plainName, registeredLabel, registrableDomain, subdomainOf} from './registrable.ts';

test.each([
  ['.example.com', 'example.com'],
  ['.com', 'com'],
  ['www.example.com', 'example.com'],
  ['example.com', 'example.com'],
  ['a.b.example.co.uk', 'example.co.uk'],
  ['shop.example.com.au', 'example.com.au'],
  ['a.b.c.d.e.example.de', 'example.de'],
  ['mine.duckdns.org', 'mine.duckdns.org'],
  ['t.mine.duckdns.org', 'mine.duckdns.org'],
  ['d123.cloudfront.net', 'd123.cloudfront.net'],
  ['localhost', 'localhost'],
  ['', ''],
])('%s was registered as %s', (name, registered) => {
  expect(registrableDomain(name)).toBe(registered);
});

test('the rest of a name, its registered label and its plain form', () => {
  expect(subdomainOf('a.b.example.co.uk', 'example.co.uk')).toBe('a.b');
  expect(subdomainOf('example.com', 'example.com')).toBe('');
  expect(registeredLabel('example.co.uk')).toBe('example');
  expect(plainName('WWW.Example.COM.')).toBe('www.example.com');
});
