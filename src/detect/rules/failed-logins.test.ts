import {day, hour, minute, second} from '../../event/clock.ts';
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

test("a database's failures are a burst of its user, and a success after them may be a guess that was right", () => {
  const tries = times(8, 4 * second).map(time => {
    const entry = login(time, {user: 'postgres', pid: ++process});
    return {...entry, provider: 'postgresql', fields: {...database, 'event.outcome': 'failure'}};
  });
  const [last] = tries.slice(-1);
  if (!last) throw new Error('expected tries');
  const success = {...last, time: last.time + 4 * second, fields: {...database, 'event.outcome': 'success'}};
  const alerts = detector().onEvents([...tries, {...success, pid: ++process}]);
  expect([...new Set(ids(alerts))]).toEqual(['auth.failed.burst', 'auth.success.after-failures']);
  expect(alerts.at(-1)?.reason).toMatch(/^postgres got in by postgresql after 8 failed logins within half an hour/);
});

const database = {'event.action': 'database_login', 'event.category': 'authentication'};

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

/** Ordinary guessing from the internet: `perHour` addresses, eight guesses each, at names that are not there and root. */
function ordinaryGuessing(days: number, perHour = 6, from = start): LogEvent[] {
  const names = ['root', 'admin', 'test', 'oracle'];
  return Array.from({length: days * 24 * perHour}, (_, at) => {
    const begin = from + Math.floor((at * hour) / perHour);
    return Array.from({length: 8}, (_, guess) =>
      stranger(begin + guess * 20 * second, `198.51.${Math.floor(at / 250)}.${at % 250}`, names[guess % 4] ?? ''),
    );
  }).flat();
}

let process = 0;
function stranger(time: number, ip: string, user: string): LogEvent {
  const entry = login(time, {ip, user, pid: ++process});
  return user === 'root' ? entry : {...entry, fields: {...entry.fields, 'sshd.invalid_user': true}};
}

/** A machine that has been guessed at for four days, and when that is. */
function guessedAt(): {rules: FailedLogins; now: number} {
  const rules = detector();
  rules.onEvents(ordinaryGuessing(4));
  return {rules, now: start + 4 * day};
}

test('guessing that goes on all day is told of after a day, then once a week, with its number and where it came from', () => {
  const alerts = detector().onEvents(ordinaryGuessing(10));
  const later = alerts.filter(({time}) => time >= start + day);
  expect(ids(later)).toEqual(['auth.failed.usual', 'auth.failed.usual']);
  expect(later[0]).toMatchObject({rule: {level: 'low'}, entity: 'web1'});
  expect(later[0]?.reason).toMatch(/^[\d,]+ failed logins in 24 hours from 1[34]\d addresses, most from 198\.51\./);
  expect(later[1]?.reason).toMatch(/^[\d,]+ failed logins in 7 days from [\d,]+ addresses, most from 198\.51\./);
  expect(later[1]?.reason).toMatch(/usual here: about 1[34]\d addresses a day/);
  const first = alerts.filter(({time}) => time < start + day);
  expect(new Set(first.map(({rule, entity}) => rule.id + entity)).size).toBeLessThan(16);
});

test('all failures of bursts are counted once, told of by themselves or together', () => {
  const alerts = detector().onEvents(ordinaryGuessing(9));
  const bursts = alerts.filter(({rule}) => rule.id !== 'auth.failed.spray');
  const told = bursts.reduce((sum, {count}) => sum + count, 0);
  expect(told).toBeGreaterThan(8 * 24 * 6 * 8);
  expect(told).toBeLessThanOrEqual(9 * 24 * 6 * 8);
});

test('many addresses that guess at once where none does are a few alerts, and one for all the others', () => {
  const attack = Array.from({length: 40}, (_, at) =>
    times(6, second).map(time => stranger(time + at * minute, `203.0.113.${at}`, 'admin')),
  ).flat();
  const alerts = detector().onEvents(attack);
  expect(new Set(alerts.filter(({rule}) => rule.id === 'auth.failed.burst').map(({entity}) => entity)).size).toBe(4);
  expect(new Set(alerts.filter(({rule}) => rule.id === 'auth.failed.crowd').map(({entity}) => entity)).size).toBe(1);
  expect(ids(alerts)).not.toContain('auth.failed.usual');
});

test('on the first hours of a machine that is guessed at, few alerts tell of it, and none of names that are not there', () => {
  const first = ordinaryGuessing(1, 4).filter(({time}) => time < start + 3 * hour);
  const names = ['pi', 'git', 'www', 'es', 'ci'];
  const tried = names.flatMap((name, at) =>
    Array.from({length: 6}, (_, from) =>
      stranger(start + 2 * hour + (at * 60 + from) * second, `203.0.113.${from}`, name),
    ),
  );
  const alerts = detector().onEvents([...first, ...tried].sort((one, other) => one.time - other.time));
  const told = [...new Set(alerts.map(({rule, entity}) => `${rule.id} ${entity}`))];
  expect(told.filter(text => text.startsWith('auth.failed.burst'))).toHaveLength(4);
  expect(told.filter(text => text.startsWith('auth.failed.crowd'))).toEqual(['auth.failed.crowd web1']);
  expect(told.filter(text => text.startsWith('auth.failed.spray'))).toEqual([]);
  expect(alerts.find(({rule}) => rule.id === 'auth.failed.crowd')?.reason).toContain('within a day, the newest');
});

test('where guessing is usual, one who guesses far more than any is told of', () => {
  const {rules, now} = guessedAt();
  const loud = Array.from({length: 200}, (_, at) => stranger(now + at * 5 * second, '203.0.113.5', 'admin'));
  const alerts = rules.onEvents(loud);
  expect(alerts[0]).toMatchObject({rule: {id: 'auth.failed.burst'}, entity: '203.0.113.5'});
  expect(alerts[0]?.reason).toContain('far more than any address guesses here');
});

test('where guessing is usual, guesses at a user there is are told of', () => {
  const {rules, now} = guessedAt();
  const target = Array.from({length: 6}, (_, at) =>
    login(now + at * 5 * second, {user: 'felix', ip: '203.0.113.5', pid: ++process}),
  );
  expect(rules.onEvents(target)[0]).toMatchObject({rule: {id: 'auth.failed.burst'}, entity: '203.0.113.5', count: 5});
});

test('where guessing is usual, a user there is tried from many addresses is a spray', () => {
  const {rules, now} = guessedAt();
  const tries = Array.from({length: 6}, (_, at) =>
    login(now + at * 5 * second, {user: 'felix', ip: `203.0.113.${at}`, pid: ++process}),
  );
  expect(ids(rules.onEvents(tries))).toContain('auth.failed.spray');
  const root = Array.from({length: 6}, (_, at) =>
    stranger(now + hour + at * 5 * second, `203.0.113.${at + 9}`, 'root'),
  );
  expect(rules.onEvents(root).filter(({entity}) => entity === 'root')).toEqual([]);
});

test('where guessing from outside is usual, a burst from inside is told of', () => {
  const {rules, now} = guessedAt();
  const inside = Array.from({length: 6}, (_, at) => stranger(now + at * 5 * second, '10.1.2.3', 'admin'));
  expect(rules.onEvents(inside)[0]).toMatchObject({rule: {id: 'auth.failed.burst'}, entity: '10.1.2.3', count: 5});
});

test('where guessing is usual, far more addresses than ever are one alert', () => {
  const {rules, now} = guessedAt();
  const crowd = ordinaryGuessing(1, 60, now).filter(({time}) => time < now + 2 * hour);
  const found = rules.onEvents(crowd).filter(({rule}) => rule.id === 'auth.failed.crowd');
  expect(new Set(found.map(({entity}) => entity)).size).toBe(1);
  expect(found[0]?.reason).toMatch(/within an hour, the newest 198\.51\..*about 1[34]\d a day are usual here/);
});

test('where guessing is usual, a success after it is high as ever', () => {
  const {rules, now} = guessedAt();
  rules.onEvents(Array.from({length: 6}, (_, at) => stranger(now + at * 5 * second, '203.0.113.5', 'root')));
  const success = login(now + minute, {outcome: 'success', ip: '203.0.113.5', pid: ++process});
  expect(ids(rules.onEvents([success]))).toContain('auth.success.after-failures');
});

test('what is usual outlives a restart', () => {
  const {rules, now} = guessedAt();
  const after = detector();
  after.restore(JSON.parse(JSON.stringify(rules.save())));
  expect(after.onEvents(ordinaryGuessing(1, 6, now)).filter(({rule}) => rule.id !== 'auth.failed.usual')).toEqual([]);
});
