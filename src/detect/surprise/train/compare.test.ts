import {replaces} from './compare.ts';

const old = {nats: 0.5, aloneNats: 0.6, placeNats: 0.6, alertRate: 0.001};

test('without an old model any is better', () => {
  expect(replaces({...old, nats: 9}, undefined)).toBe(true);
});

test.each([
  ['fewer nats with the n-gram', {...old, nats: 0.4, aloneNats: 0.9}, true],
  ['more nats with the n-gram', {...old, nats: 0.6, aloneNats: 0.3}, false],
  ['alike with it, the network alone better', {...old, nats: 0.502, aloneNats: 0.5}, true],
  ['alike with it, the network alone worse', {...old, nats: 0.498, aloneNats: 0.7}, false],
  ['alike in nats, more false alarms', {...old, alertRate: 0.002}, false],
  ['alike in all', old, true],
])('a new model with %s', (_, fresh, expected) => {
  expect(replaces(fresh, old)).toBe(expected);
});
