import type {AlertGroup} from '../event/alert-group.ts';
import {UnusualHours} from './unusual-hours.ts';

const hour = 3600e6;

function group(id: string, first: number, more: Partial<AlertGroup> = {}): AlertGroup {
  return {
    id,
    host: 'alpha',
    agent: 'a',
    rule: 'surprise.sequence',
    ruleName: 'Unexpected entry in its context',
    level: 'medium',
    category: 'System Log',
    entity: 'alpha/sshd',
    reason: '',
    techniques: [],
    first,
    last: first,
    count: 1,
    historical: false,
    status: 'open',
    provider: 'sshd',
    code: 0,
    event: {},
    ...more,
  };
}

test('an hour is marked with what the learned model found in it, once an alert, and by nothing else', () => {
  const hours = new UnusualHours();
  expect(hours.note(group('1', 10 * hour + 5))).toBe(true);
  expect(hours.note(group('1', 10 * hour + 5, {last: 11 * hour + 1}))).toBe(true);
  expect(hours.note(group('2', 10 * hour, {rule: 'auth.failed.burst'}))).toBe(false);
  expect(hours.why(10 * hour)).toBe('alpha/sshd: unexpected entry in its context');
  expect(hours.why(11 * hour)).toBe('alpha/sshd: unexpected entry in its context');
  expect(hours.why(9 * hour)).toBe('');
});

test('of what is measured it says what came, in the hour that it came in', () => {
  const hours = new UnusualHours();
  const reason =
    'sshd entries on alpha was lower than expected: 0 an hour. Expected: 40–60 an hour (97 %). It came as …';
  hours.note(group('1', 11 * hour, {rule: 'surprise.count', reason}));
  expect(hours.why(10 * hour)).toBe('sshd entries on alpha was lower than expected: 0 an hour');
  expect(hours.why(11 * hour)).toBe('');
});

test('many alerts an hour are counted, and old hours forgotten', () => {
  const hours = new UnusualHours();
  for (let number = 0; number < 9; number++) hours.note(group(String(number), 5));
  expect(hours.why(0)).toMatch(/; 6 more$/);
  for (let at = 1; at < 200; at++) hours.note(group(`h${at}`, at * hour));
  expect(hours.why(0)).toBe('');
  expect(hours.why(199 * hour)).not.toBe('');
});
