import {LineParser} from './line-parser.ts';

function read(provider: string, line: string) {
  const {user, fields, message} = new LineParser({provider, host: 'pc'}).parse(line, Date.UTC(2026, 10, 22, 12) * 1000);
  return {user, message, ...fields};
}

const failure = {'event.action': 'database_login', 'event.category': 'authentication', 'event.outcome': 'failure'};
const postgres = (text: string) => read('postgresql', `2026-11-22 10:00:01.123 UTC [4711] ${text}`);

test.each([
  ['password', 'postgres@shop FATAL:  password authentication failed for user "postgres"', 'postgres'],
  ['peer', 'ann@shop FATAL:  Peer authentication failed for user "ann"', 'ann'],
  ['a name with quotes', 'x@y FATAL:  password authentication failed for user "a "b""', 'a "b"'],
])('PostgreSQL: a refused login by %s', (_what, text, user) => {
  expect(postgres(text)).toMatchObject({...failure, user});
});

test('PostgreSQL: a login that no rule allows names where it came from', () => {
  const text =
    '[unknown]@[unknown] FATAL:  no pg_hba.conf entry for host "203.0.113.9", user "postgres", database "template1", no encryption';
  expect(postgres(text)).toMatchObject({...failure, user: 'postgres', 'source.ip': '203.0.113.9'});
});

test('PostgreSQL: a login that succeeded, through syslog too', () => {
  const text = 'LOG:  connection authorized: user=app database=shop SSL enabled (protocol=TLSv1.3)';
  const success = {...failure, 'event.outcome': 'success', user: 'app'};
  expect(postgres(`app@shop ${text}`)).toMatchObject(success);
  expect(read('syslog', `Nov 22 10:00:01 pc postgres[4711]: [5-1] app@shop ${text}`)).toMatchObject(success);
});

test.each([
  "2026-11-22T10:00:01.123456Z 9 [Note] [MY-010926] [Server] Access denied for user 'root'@'10.1.2.3' (using password: YES)",
  "2026-11-22 10:00:01 9 [Warning] Access denied for user 'root'@'10.1.2.3' (using password: NO)",
])('MySQL and MariaDB: a refused login', line => {
  expect(read('mysql', line)).toMatchObject({...failure, user: 'root', 'source.ip': '10.1.2.3'});
});

test('MySQL: a name with quotes puts on no other address, and localhost is no address', () => {
  const line = (name: string, host: string) =>
    `2026-11-22T10:00:01.123456Z 9 [Note] Access denied for user '${name}'@'${host}' (using password: YES)`;
  expect(read('mysql', line("x'@'9.9.9.9", '10.1.2.3'))).toMatchObject({user: "x'@'9.9.9.9", 'source.ip': '10.1.2.3'});
  const local = read('mysql', line('root', 'localhost'));
  expect(local).toMatchObject({...failure, user: 'root'});
  expect(local).not.toHaveProperty(['source.ip']);
  expect(local).not.toHaveProperty(['source.domain']);
});

test.each([
  'app@shop ERROR:  duplicate key value violates unique constraint "orders_pkey"',
  'app@shop LOG:  statement: SELECT \'authentication failed for user "x"',
  'app@shop LOG:  statement: SELECT \'FATAL:  password authentication failed for user "x"',
  "app@shop LOG:  statement: SELECT 'LOG:  connection authorized: user=root database=x",
  'app@shop FATAL:  the database system is starting up',
  `app@shop FATAL:  no pg_hba.conf entry for host "${'x'.repeat(5_000)}`,
])('what is no login gets no fields of one: %s', text => {
  expect(postgres(text)).not.toHaveProperty(['event.category']);
});
