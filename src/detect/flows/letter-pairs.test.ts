import {seededRandom} from '../surprise/seeded-random.ts';
import {bitsOf, looksGenerated, wordLikeness} from './letter-pairs.ts';

const names =
  'stackoverflow cloudflare digitalocean wikipedia facebook microsoft netflix instagram whatsapp linkedin pinterest ' +
  'mozilla debian kubernetes slackware bloomberg nytimes spiegel sueddeutsche lemonde corriere elpais telekom vodafone ' +
  'deutschebahn volkswagen mercedes santander carrefour booking tripadvisor salesforce atlassian cloudfront akamai ' +
  'googleapis gstatic doubleclick googletagmanager scorecardresearch windowsupdate office365 sharepoint ' +
  'grafana prometheus postgresql wordpress shopify zalando aliexpress samsung motorola raspberrypi homeassistant';

test('names that people made up read like words', () => {
  const generated = names.split(' ').filter(looksGenerated);
  expect(generated).toEqual([]);
});

test('labels drawn at random do not', () => {
  const random = seededRandom(11);
  const drawn = (alphabet: string, length: number) =>
    Array.from({length}, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
  const caught = (alphabet: string, length: number) =>
    Array.from({length: 500}, () => drawn(alphabet, length)).filter(looksGenerated).length / 500;
  expect(caught('abcdefghijklmnopqrstuvwxyz', 10)).toBeGreaterThan(0.8);
  expect(caught('abcdefghijklmnopqrstuvwxyz', 16)).toBeGreaterThan(0.9);
  expect(caught('abcdefghijklmnopqrstuvwxyz0123456789', 12)).toBeGreaterThan(0.9);
  expect(caught('0123456789abcdef', 32)).toBeGreaterThan(0.9);
});

test('short labels are not judged', () => {
  expect(looksGenerated('xkqzvw')).toBe(false);
  expect(wordLikeness('xkqzvw')).toBeLessThan(-5);
});

test('bits follow from length and from how even letters are', () => {
  expect(bitsOf('')).toBe(0);
  expect(bitsOf('aaaaaaaa')).toBe(0);
  expect(bitsOf('abababab')).toBeCloseTo(8);
  expect(bitsOf('0123456789abcdef')).toBeCloseTo(64);
});
