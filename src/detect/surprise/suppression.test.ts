import type {Alert} from '../../event/event.ts';
import {Suppression} from './suppression.ts';

const minute = 60e6;
const alert: Alert = {
  rule: {id: 'surprise.sequence', name: 'Unexpected', level: 'medium', category: 'System Log', techniques: []},
  time: 0,
  host: 'alpha',
  entity: 'alpha/sshd',
  reason: 'Because.',
  count: 1,
};

test('the same is told once an hour, and what was held back follows with its exact number and time', () => {
  const suppression = new Suppression();
  expect(suppression.pass('a', 0)).toBe(1);
  suppression.note('a', alert);
  expect([10, 20, 59].map(at => suppression.pass('a', at * minute))).toEqual([0, 0, 0]);
  expect(suppression.takeOver(59 * minute)).toEqual([]);
  expect(suppression.takeOver(61 * minute)).toEqual([{...alert, time: 59 * minute, count: 3}]);
  expect(suppression.takeOver(62 * minute)).toEqual([]);
  expect(suppression.pass('a', 63 * minute)).toBe(1);
});

test('nothing is lost when the hour ends unnoticed, when there is no room, or over a restart', () => {
  let suppression = new Suppression();
  const counted = (found: readonly Alert[]): number => found.reduce((sum, {count}) => sum + count, 0);
  let heldBack = 0;
  for (let key = 0; key < 2_500; key++) {
    suppression.pass(`key ${key}`, key);
    suppression.note(`key ${key}`, alert);
    suppression.pass(`key ${key}`, key + 1);
    heldBack += 1;
    if (key === 1_500) {
      const saved = JSON.stringify(suppression.snapshot());
      suppression = new Suppression();
      suppression.restore(JSON.parse(saved));
    }
  }
  // The first ended without anybody asking for what was due.
  suppression.pass('key 2000', 100 * minute);
  expect(counted(suppression.takeOver(200 * minute))).toBe(heldBack);
});
