import {minute, second} from '../../event/clock.ts';
import type {FieldValue, LogEvent} from '../../event/event.ts';
import {FailedLogins} from './failed-logins.ts';
import {logEntry} from './log-entry.test-helper.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;

interface Login {
  readonly outcome?: string;
  readonly user?: string;
  readonly ip?: string;
  readonly pid?: number;
  readonly provider?: string;
  readonly action?: string;
  readonly message?: string;
  readonly category?: string;
  readonly repeats?: number;
}

function login(
  time: number,
  {outcome = 'failure', user = 'root', ip = '192.0.2.9', pid, ...rest}: Login = {},
): LogEvent {
  const {provider = 'sshd', action = 'ssh_login', message = `Failed password for ${user} from ${ip}`} = rest;
  const who = {user, ...(pid === undefined ? undefined : {pid})};
  const from = ip === '' ? undefined : {'source.ip': ip};
  const more = rest.repeats === undefined ? undefined : {'event.count': rest.repeats};
  const fields = {
    ...more,
    'event.category': rest.category ?? 'authentication',
    'event.outcome': outcome,
    'event.action': action,
    ...from,
  };
  return logEntry(time, {provider, message, ...who, fields});
}

const times = (count: number, every: number) => Array.from({length: count}, (_, i) => start + i * every);
const detector = () => new FailedLogins({failed_logins: 5});
const ids = (alerts: readonly {readonly rule: {readonly id: string}}[]) => alerts.map(alert => alert.rule.id);

test('the fifth failure of one address within ten minutes is a burst that stands for all five', () => {
  const logins = times(5, minute).map((time, i) => login(time, {user: `user${i}`, pid: i}));
  expect(detector().onEvents(logins)).toMatchObject([
    {
      rule: {id: 'auth.failed.burst', techniques: ['T1110.001']},
      entity: '192.0.2.9',
      count: 5,
      time: start + 4 * minute,
      reason: '5 failed logins from 192.0.2.9 with no pause of ten minutes, for user4, user3, user2 and 2 more.',
    },
  ]);
});

test('five failures that take longer than ten minutes are no burst', () => {
  expect(detector().onEvents(times(5, 2.5 * minute).map((time, i) => login(time, {pid: i})))).toEqual([]);
});

test('each further failure of a burst counts once, and the sum is exact', () => {
  const alerts = detector().onEvents(times(40, second).map((time, i) => login(time, {pid: i})));
  expect(alerts.reduce((sum, alert) => sum + alert.count, 0)).toBe(40);
});

test('PAM’s line and sshd’s own, two seconds apart, are one attempt', () => {
  const pam = {action: 'pam_auth', message: 'pam_unix(sshd:auth): authentication failure; rhost=192.0.2.9 user=root'};
  const logins = times(4, minute).flatMap((time, i) => [
    login(time, {...pam, pid: i}),
    login(time + 2.4 * second, {pid: i}),
  ]);
  expect(detector().onEvents(logins)).toEqual([]);
});

test('three passwords tried over one connection are three attempts, and a repeated line counts as often as it says', () => {
  const twice = {pid: 1, repeats: 2};
  const logins = [login(start, {pid: 1}), login(start + second, twice), login(start + minute, {pid: 2})];
  const five = [...logins, login(start + 2 * minute, {pid: 3})];
  expect(detector().onEvents(five)).toMatchObject([{count: 5}]);
});

test('one user from five addresses is a spray on that user', () => {
  const logins = times(5, minute).map((time, i) => login(time, {ip: `192.0.2.${i}`, pid: i, user: 'admin'}));
  expect(detector().onEvents(logins)).toMatchObject([
    {rule: {id: 'auth.failed.spray', techniques: ['T1110.003']}, entity: 'admin', count: 5},
  ]);
});

test('a success from an address that had a burst within half an hour is high', () => {
  const rules = detector();
  rules.onEvents(times(5, second).map((time, i) => login(time, {pid: i})));
  const success = {outcome: 'success', message: 'Accepted password for root', pid: 99};
  const alerts = rules.onEvents([
    login(start + 20 * minute, success),
    login(start + 20 * minute + second, {
      ...success,
      action: 'pam_auth',
      message: 'pam_unix(sshd:session): session opened',
      ip: '',
    }),
  ]);
  expect(alerts).toMatchObject([
    {
      rule: {id: 'auth.success.after-failures', level: 'high'},
      entity: '192.0.2.9',
      reason: expect.stringContaining('after 5 failed logins'),
    },
  ]);
  expect(rules.onEvents([login(start + 40 * minute, {...success, pid: 100})])).toEqual([]);
});

test('an admin who logs in from an address of their own is no finding while others try the name', () => {
  const rules = detector();
  rules.onEvents(times(6, second).map((time, i) => login(time, {ip: `192.0.2.${i}`, pid: i})));
  const success = {outcome: 'success', message: 'Accepted publickey for root'};
  expect(rules.onEvents([login(start + minute, {...success, ip: '10.1.1.1', pid: 50})])).toEqual([]);
  expect(ids(rules.onEvents([login(start + minute, {...success, ip: '192.0.2.3', pid: 51})]))).toEqual([
    'auth.success.after-failures',
  ]);
});

test('cron’s session for root is no success after failures of su', () => {
  const rules = detector();
  const su = {provider: 'su', action: 'su', ip: '', message: 'FAILED SU'};
  const alerts = rules.onEvents(times(5, second).map((time, i) => login(time, {...su, pid: i})));
  expect(alerts).toMatchObject([{rule: {id: 'auth.failed.burst'}, level: 'low', entity: 'root'}]);
  const cron = {
    provider: 'CRON',
    action: 'pam_auth',
    ip: '',
    outcome: 'success',
    message: 'pam_unix(cron:session): session opened',
  };
  expect(rules.onEvents([login(start + minute, cron)])).toEqual([]);
});

test('a wrong sudo password is low and stands for its tries, a refused sudo is medium', () => {
  const sudo = (fields: Record<string, FieldValue>) => {
    const all = {'event.action': 'sudo', 'event.outcome': 'failure', ...fields};
    return detector().onEvents([logEntry(start, {provider: 'sudo', user: 'bob', fields: all})]);
  };
  expect(sudo({'event.category': 'authentication', 'event.count': 3})).toMatchObject([
    {
      rule: {id: 'auth.sudo.failed'},
      level: 'low',
      entity: 'bob',
      count: 3,
      reason: 'bob gave sudo a wrong password 3 times.',
    },
  ]);
  expect(sudo({'event.category': 'process', 'event.reason': 'user NOT in sudoers'})).toMatchObject([
    {level: 'medium', count: 1, reason: 'bob was refused by sudo: user NOT in sudoers.'},
  ]);
});

test('where passwords are off, connections that give up before login are the attempts', () => {
  const closed = {action: 'ssh_closed_before_login', category: 'network'};
  const invalid = {action: 'ssh_invalid_user', category: 'network'};
  const logins = times(5, second).flatMap((time, i) => [
    login(time, {...invalid, pid: i}),
    login(time, {...closed, pid: i}),
  ]);
  expect(detector().onEvents(logins)).toMatchObject([{rule: {id: 'auth.failed.burst'}, count: 5}]);
});

test('a restart between the burst and the success does not hide the success', () => {
  const before = detector();
  before.onEvents(times(5, second).map((time, i) => login(time, {pid: i})));
  const after = detector();
  after.restore(JSON.parse(JSON.stringify(before.save())));
  expect(ids(after.onEvents([login(start + minute, {outcome: 'success', pid: 9})]))).toEqual([
    'auth.success.after-failures',
  ]);
});

test('failures that come up to a minute late still make the burst', () => {
  const late = [4, 0, 3, 1, 2].map(i => login(start + i * 10 * second, {pid: i}));
  expect(ids(detector().onEvents(late))).toEqual(['auth.failed.burst']);
});
