import {levelName} from '../../../event/level.ts';
import type {Entry} from './entry.ts';
import {LineParser} from './line-parser.ts';

const parser = new LineParser({provider: 'app', host: 'pc'});
const now = new Date(2026, 10, 22, 12).getTime() * 1000;
const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime() * 1000;
const parse = (line: string, reference = now): Entry => parser.parse(line, reference);

describe('times', () => {
  test('a classic syslog stamp is local time of the latest year that is not ahead', () => {
    expect(parse('Nov 22 10:00:01 pc prog[7]: x').time).toBe(local(2026, 10, 22, 10, 0, 1));
    expect(parse('Nov  2 10:00:01 pc prog[7]: x').time).toBe(local(2026, 10, 2, 10, 0, 1));
  });

  test("December's lines read in January are of last year, and a clock a little ahead stays in this year", () => {
    const january = local(2027, 0, 1, 0, 5, 0);
    expect(parse('Dec 31 23:59:59 pc p: x', january).time).toBe(local(2026, 11, 31, 23, 59, 59));
    expect(parse('Jan  1 00:06:00 pc p: x', january).time).toBe(local(2027, 0, 1, 0, 6, 0));
    expect(parse('Jan  1 00:06:00 pc p: x', local(2026, 11, 31, 23, 59, 0)).time).toBe(local(2027, 0, 1, 0, 6, 0));
  });

  test('29 February is of a year that has one', () => {
    expect(parse('Feb 29 10:00:00 pc p: x').time).toBe(local(2024, 1, 29, 10, 0, 0));
  });

  test.each([
    ['2026-11-22T10:00:00.123456+02:00 pc p: x', Date.UTC(2026, 10, 22, 8) * 1000 + 123_456],
    ['2026-11-22T10:00:00Z pc p: x', Date.UTC(2026, 10, 22, 10) * 1000],
    ['2026-11-22 10:00:00,123 INFO x', local(2026, 10, 22, 10, 0, 0) + 123_000],
    ['2026-11-22 10:00:00.5 -0330 x', Date.UTC(2026, 10, 22, 13, 30) * 1000 + 500_000],
    ['[2026-11-22 10:00:00] production.ERROR: x', local(2026, 10, 22, 10, 0, 0)],
    ['2026/11/22 10:00:00 [error] 12#13: *4 x', local(2026, 10, 22, 10, 0, 0)],
  ])('%s', (line, time) => expect(parse(line).time).toBe(time));

  test.each([
    'Nov 31 10:00:01 pc p: x',
    'Foo 22 10:00:01 pc p: x',
    '2026-02-30T10:00:00Z x',
    '2026-11-22T25:00:00Z x',
    'x',
  ])('no time is invented for %s', line => expect(parse(line)).toEqual({level: 6, message: line, provider: 'app'}));
});

describe('headers', () => {
  test.each<[string, Partial<Entry>]>([
    ['Nov 22 10:00:01 web1 sshd[123]: hello: x', {host: 'web1', provider: 'sshd', pid: 123, message: 'hello: x'}],
    ['Nov 22 10:00:01 web1 postfix/smtpd[9]: x', {provider: 'postfix/smtpd', pid: 9, message: 'x'}],
    ['Nov 22 10:00:01 web1 rsyslogd: x', {provider: 'rsyslogd', message: 'x'}],
    ['Nov 22 10:00:01 web1 -- MARK --', {host: 'web1', provider: 'syslog', message: '-- MARK --'}],
    ['Nov 22 10:00:01 cron[5]: x', {provider: 'cron', pid: 5, message: 'x'}],
    ['<38>Nov 22 10:00:01 web1 su: x', {level: 6, provider: 'su', fields: {'log.syslog.facility.name': 'auth'}}],
    ['<3>app[5]: x', {level: 3, provider: 'app', pid: 5, message: 'x', fields: {'log.syslog.facility.name': 'kern'}}],
    ['2026-11-22T10:00:00+00:00 web1 sudo[3]: x', {host: 'web1', provider: 'sudo', pid: 3, message: 'x'}],
    ['2026-11-22T10:00:00+00:00 pc Odd: x', {host: 'pc', provider: 'Odd', message: 'x'}],
    ['2026-11-22T10:00:00Z ERROR starting: x', {provider: 'app', level: 3, message: 'ERROR starting: x'}],
    ['Nov 22 10:00:01 pc kernel: [ 12.5] BUG: x', {level: 2, message: 'BUG: x', fields: {'host.uptime': 12.5}}],
    ['\ufeffNov 22 10:00:01 pc p: x\r', {provider: 'p', message: 'x'}],
  ])('%s', (line, expected) => expect(parse(line)).toMatchObject(expected));

  test('RFC 5424 with structured data, escapes and a byte order mark', () => {
    const line =
      '<165>1 2026-11-22T10:00:00.003Z web1 evntslog 77 ID47 [ex@32473 iut="3" src="a\\"b\\]"][x y="1"] \ufeffAn event';
    expect(parse(line)).toEqual({
      time: Date.UTC(2026, 10, 22, 10) * 1000 + 3000,
      level: 5,
      provider: 'evntslog',
      host: 'web1',
      pid: 77,
      message: 'An event',
      fields: {
        'log.syslog.facility.name': 'local4',
        'log.syslog.msgid': 'ID47',
        'log.syslog.structured_data.ex@32473.iut': '3',
        'log.syslog.structured_data.ex@32473.src': 'a"b]',
        'log.syslog.structured_data.x.y': '1',
      },
    });
  });

  test('RFC 5424 with every nil value', () => {
    expect(parse('<13>1 - - - - - - hello')).toMatchObject({time: undefined, provider: 'syslog', message: 'hello'});
  });
});

describe('levels', () => {
  test.each([
    ['Nov 22 10:00:01 pc p: error: no such file', 'error'],
    ['Nov 22 10:00:01 pc p: 0 errors, no warning: fine', 'information'],
    ['Nov 22 10:00:01 pc p: WARNING low disk', 'warning'],
    ['Nov 22 10:00:01 pc NetworkManager[1]: <warn>  [1] x', 'warning'],
    ['Nov 22 10:00:01 pc sshd[1]: Failed password for root from 1.2.3.4 port 22 ssh2', 'information'],
    ['<35>Nov 22 10:00:01 pc p: info: x', 'error'],
    ['2026-11-22 10:00:00,123 ERROR [main] x', 'error'],
    ['2026-11-22 10:00:00,123 [main] WARN  a.b.C - x', 'warning'],
    ['2026-11-22 10:00:00.123 UTC [99] FATAL:  x', 'critical'],
    ['2015-07-29 19:04:29,071 - WARN  [SendWorker:1] - x', 'warning'],
    ['2026-11-22 10:00:00 user said error', 'information'],
    ['2026-11-22 10:00:00 [notice] x', 'notice'],
    ['warning: x', 'warning'],
  ])('%s → %s', (line, level) => expect(levelName(parse(line).level)).toBe(level));
});

describe('audit.log', () => {
  const login =
    `type=USER_LOGIN msg=audit(1700000000.123:456): pid=9 uid=0 auid=1000 ses=3 msg='op=login acct="root" ` +
    `exe="/usr/sbin/sshd" hostname=? addr=10.0.0.7 terminal=ssh res=failed'\u001dUID="root" AUID="alice"`;

  test('a login record names user, address, program and outcome', () => {
    expect(parse(login)).toMatchObject({
      time: 1_700_000_000_123_000,
      provider: 'auditd',
      user: 'root',
      pid: 9,
      level: 5,
      fields: {
        'auditd.type': 'USER_LOGIN',
        'auditd.sequence': 456,
        'auditd.AUID': 'alice',
        'source.ip': '10.0.0.7',
        'process.executable': '/usr/sbin/sshd',
        'event.outcome': 'failure',
        'event.action': 'user_login',
      },
    });
  });

  test('hexadecimal text is decoded where text can be coded so, and numbers stay numbers', () => {
    const execve = parse('type=EXECVE msg=audit(1700000000.000:1): argc=2 a0="ls" a1=2F746D702F6120620A1B');
    expect(execve.fields).toMatchObject({'auditd.a0': 'ls', 'auditd.a1': '/tmp/a b\n␛'});
    const call = parse('type=SYSCALL msg=audit(1700000000.000:1): success=yes a0=7F12 comm="sh" key=6101 62');
    expect(call.fields).toMatchObject({'auditd.a0': '7F12', 'event.outcome': 'success'});
    const title = parse('type=PROCTITLE msg=audit(1700000000.000:1): proctitle=6C73002D6C00');
    expect(title.fields).toMatchObject({'auditd.proctitle': 'ls -l'});
  });

  test('a name that holds a forged pair changes nothing', () => {
    const forged = login.replace('"root"', Buffer.from('x addr=6.6.6.6 res=success').toString('hex').toUpperCase());
    expect(parse(forged)).toMatchObject({user: 'x addr=6.6.6.6 res=success', fields: {'source.ip': '10.0.0.7'}});
  });
});

describe('web servers', () => {
  test('a combined access line, with the level of its status', () => {
    expect(
      parse('1.2.3.4 - bob [22/Nov/2026:10:00:00 +0100] "GET /a/b?c=d HTTP/1.1" 404 12 "-" "curl/8 \\"x\\""'),
    ).toEqual({
      time: Date.UTC(2026, 10, 22, 9) * 1000,
      level: 4,
      provider: 'app',
      user: 'bob',
      message: 'GET /a/b?c=d HTTP/1.1 404',
      fields: {
        'source.ip': '1.2.3.4',
        'http.request.method': 'GET',
        'url.path': '/a/b',
        'url.query': 'c=d',
        'http.version': '1.1',
        'http.response.status_code': 404,
        'http.response.body.bytes': 12,
        'user_agent.original': 'curl/8 \\"x\\"',
      },
    });
  });

  test('a virtual host before the address, IPv6 and no request at all', () => {
    expect(parse('www.x.org:443 ::1 - - [22/Nov/2026:10:00:00 +0000] "-" 408 0')).toMatchObject({
      level: 4,
      fields: {'source.ip': '::1', 'url.domain': 'www.x.org:443'},
    });
  });

  test('a user name that looks like a time moves nothing', () => {
    const line = '1.2.3.4 - a [01/Jan/2000:00:00:00 +0000] x [22/Nov/2026:10:00:00 +0000] "GET / HTTP/1.0" 200 1';
    expect(parse(line)).toMatchObject({time: Date.UTC(2026, 10, 22, 10) * 1000, fields: {'source.ip': '1.2.3.4'}});
  });

  test("nginx's error log, and a path that forges a client", () => {
    const line = '2026/11/22 10:00:00 [error] 12#13: *4 open() "/x" failed, client: 1.2.3.4, server: _';
    expect(parse(line)).toMatchObject({level: 3, provider: 'nginx', pid: 12, fields: {'source.ip': '1.2.3.4'}});
    expect(parse(line.replace('/x', '/x, client: 6.6.6.6')).fields).toBeUndefined();
  });

  test("Apache's error log", () => {
    const line =
      '[Sun Nov 22 10:00:00.123456 2026] [core:error] [pid 5:tid 6] [client 1.2.3.4:555] AH00037: link not allowed';
    expect(parse(line)).toEqual({
      time: local(2026, 10, 22, 10, 0, 0) + 123_456,
      level: 3,
      provider: 'apache',
      pid: 5,
      message: 'AH00037: link not allowed',
      fields: {'source.ip': '1.2.3.4', 'source.port': 555, 'apache.error.module': 'core'},
    });
  });
});

test('dpkg.log names the package and its version', () => {
  expect(parse('2026-11-22 10:00:00 upgrade libc6:amd64 2.36-9 2.36-10')).toMatchObject({
    provider: 'dpkg',
    fields: {'event.action': 'upgrade', 'package.name': 'libc6', 'package.version': '2.36-10'},
  });
  expect(parse('2026-11-22 10:00:00 status half-configured a:all 1').fields).toMatchObject({
    'event.action': 'status_half-configured',
    'package.version': '1',
  });
});

test('a line of JSON is read by the usual names', () => {
  expect(parse('{"ts":1700000000.5,"level":"warn","msg":"a\\u001bb","http":{"status":500},"pid":4}')).toEqual({
    time: 1_700_000_000_500_000,
    level: 4,
    provider: 'app',
    message: 'a␛b',
    pid: 4,
    fields: {'http.status': 500},
  });
});

test('control characters in a line are made visible', () => {
  expect(parse('Nov 22 10:00:01 pc p: a\u001b[2Jb\u202e').message).toBe('a␛[2Jb�');
});

test('no line of random bytes throws, hangs or yields unsafe text', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const pieces = [
    '<',
    '34>1 ',
    'Nov 22 10:00:01 ',
    '2026-11-22T10:00:00Z ',
    'type=X msg=audit(1.123:4): ',
    '[',
    ']',
    '"',
  ];
  pieces.push(
    '{',
    '}',
    '=',
    "'",
    ' : ',
    'Failed password for ',
    ' from ',
    'sshd[1]: ',
    '\\',
    '\u001d',
    ' port 22 ssh2',
  );
  for (let round = 0; round < 20_000; round++) {
    let line = '';
    for (let count = random(9); count >= 0; count--) {
      line += random(2) === 0 ? (pieces[random(pieces.length)] ?? '') : String.fromCharCode(random(300));
    }
    const entry = parse(line);
    const timed = entry.time === undefined || Number.isSafeInteger(entry.time);
    const unsafe = /\\u00|[\u0080-\u009f]/.test(JSON.stringify(entry));
    if (!timed || unsafe) throw new Error(`${JSON.stringify(line)} gave ${JSON.stringify(entry)}`);
  }
});

test('a line of 64 KiB made to backtrack is read at once', () => {
  for (const piece of [' from ', '"', '[', ' a="', 'authentication failure; logname= ', '\\', ' : ', "='", ' port 1']) {
    const long = piece.repeat(Math.floor(65_536 / piece.length));
    for (const head of [
      'Nov 22 10:00:01 pc sshd[1]: Failed password for ',
      '<34>1 - - - - - [a',
      'type=X msg=audit(1.123:4): ',
    ]) {
      expect(parse(head + long).message.length).toBeGreaterThan(1000);
    }
    expect(parse(`1.2.3.4 - - [22/Nov/2026:10:00:00 +0000] "${long}`).level).toBeDefined();
  }
});
