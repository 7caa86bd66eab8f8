import {ack, fin, psh, rst, syn, us, Wire} from './network.test-helper.ts';

const [client, server] = ['10.0.0.5', '10.0.0.9'];

/** What both say to each other, `>` the client, `<` the server. */
function talk(wire: Wire, at: number, port: number, lines: readonly string[], clientPort = 40_000): void {
  wire.tcp(at, client, server, {from: clientPort, to: port, flags: syn});
  wire.tcp(at, server, client, {from: port, to: clientPort, flags: syn | ack});
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith('>')) wire.tcp(at, client, server, {from: clientPort, to: port, flags: psh | ack}, text);
    else wire.tcp(at, server, client, {from: port, to: clientPort, flags: psh | ack}, text);
  }
}

const secret = 'hunter2-xyzzy';
const plain = Buffer.from(`\0bob\0${secret}`).toString('base64');
const basic = Buffer.from(`bob:${secret}`).toString('base64');
const bind = `0\x1f\x02\x01\x01\x60\x1a\x02\x01\x03\x04\x06cn=bob\x80\x0d${secret}`;

const cases: readonly (readonly [string, number, readonly string[], string])[] = [
  ['FTP', 21, ['<220 hello\r\n', '>USER bob\r\n', '<331\r\n', `>PASS ${secret}\r\n`], 'as user bob'],
  ['POP3', 110, ['<+OK\r\n', '>USER bob\r\n', '<+OK\r\n', `>PASS ${secret}\r\n`], 'as user bob'],
  ['IMAP', 143, ['<* OK\r\n', `>a1 LOGIN bob ${secret}\r\n`], 'as user bob'],
  ['SMTP', 587, ['<220\r\n', '>EHLO x\r\n', `>AUTH PLAIN ${plain}\r\n`], 'as user bob'],
  ['HTTP Basic', 80, [`>GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ${basic}\r\n\r\n`], 'as user bob'],
  ['Telnet', 23, ['<login: ', '>bob\r\n', '<Password: ', `>${secret}\r\n`], ''],
  ['LDAP', 389, [`>${bind}`], 'as user cn=bob'],
  ['Redis', 6379, [`>*2\r\n$4\r\nAUTH\r\n$13\r\n${secret}\r\n`], ''],
];

test.each(cases)(
  'a password in clear text by %s is told once a day, without the password',
  (service, port, lines, user) => {
    const wire = new Wire();
    for (let n = 0; n < 3; n++) talk(wire, n * 400, port, lines, 40_000 + n);
    wire.finish();
    expect(wire.sums()).toEqual({[`network.credentials.cleartext ${client}`]: 1});
    expect(wire.reasons()).toContain(`by ${service}`);
    expect(wire.reasons()).toContain(user);
    const all = JSON.stringify(wire.alerts);
    for (const text of [secret, plain, basic]) expect(all).not.toContain(text);
  },
);

test('logins without a password are none: anonymous FTP, an anonymous bind, a bearer token, STARTTLS, mail about passwords', () => {
  const wire = new Wire();
  talk(wire, 0, 21, ['>USER anonymous\r\n', '>PASS me@example.org\r\n'], 40_001);
  talk(wire, 0, 389, ['>0\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00'], 40_002);
  talk(wire, 0, 80, ['>GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer abcdef\r\n\r\n'], 40_003);
  talk(wire, 0, 143, ['>a1 STARTTLS\r\n', '<a1 OK\r\n', '>\x16\x03\x01'], 40_004);
  talk(wire, 0, 25, ['>MAIL FROM:<a@b>\r\n', '>DATA\r\n', '>the PASS is AUTH PLAIN\r\n'], 40_005);
  wire.finish();
  expect(wire.alerts).toEqual([]);
});

test('what stays on the machine is not told', () => {
  const wire = new Wire({facts: {loopback: true, name: 'lo'}});
  for (const [, port, lines] of cases) talk(wire, 0, port, lines);
  expect(wire.alerts).toEqual([]);
});

test('an SNMP community is told, less seriously where it is the one that all know', () => {
  const wire = new Wire();
  const message = (community: string) => {
    const name = Buffer.from(community);
    return Buffer.concat([Buffer.from([0x30, 20, 2, 1, 1, 4, name.length]), name, Buffer.alloc(20)]);
  };
  wire.udp(0, client, 40_000, server, 161, message('public'));
  wire.udp(0, client, 40_000, '10.0.0.8', 161, message(secret));
  expect(wire.alerts.map(({level}) => level)).toEqual(['informational', 'low']);
  expect(JSON.stringify(wire.alerts)).not.toContain(secret);
});

test('logins that a server refuses ten times are guessing; nine are not', () => {
  const wire = new Wire({network: {login_failures: 10}});
  for (let n = 0; n < 12; n++) talk(wire, n, 3306, ['>x', '<\x4f\0\0\x02\xff\x15\x04#28000Access denied'], 40_000 + n);
  for (let n = 0; n < 9; n++) talk(wire, n, 5432, ['>x', '<E\0\0\0\x60SFATAL\0C28P01\0Mpassword'], 41_000 + n);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.bruteforce ${client}`]: 12});
  expect(wire.alerts[0]?.reason).toBe(`${server} refused 10 logins of ${client} by MySQL.`);
});

test.each([
  ['FTP', 21, '530 Login incorrect.\r\n'],
  ['POP3', 110, '-ERR authentication failed\r\n'],
  ['IMAP', 143, 'a2 NO [AUTHENTICATIONFAILED] no\r\n'],
  ['SMTP', 587, '535 5.7.8 no\r\n'],
  ['Telnet', 23, '\r\nLogin incorrect\r\nlogin: '],
  ['LDAP', 389, '0\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\0\x04\0'],
  ['Redis', 6379, '-WRONGPASS invalid username-password pair\r\n'],
  ['MSSQL', 1433, '\x04\x01\0\x40\0\0\x01\0\xaa\x30\0\x18\x48\0\0\x01\x0e'],
  ['VNC', 5900, '\0\0\0\x01\0\0\0\x04fail'],
  ['SMB', 445, '\0\0\0\x49\xfeSMB\x40\0\x01\0\x6d\0\0\xc0\x01\0\0\0'],
])('a refusal by %s counts', (service, port, refusal) => {
  const wire = new Wire({network: {login_failures: 3}});
  for (let n = 0; n < 3; n++) talk(wire, n, port, [`<${refusal}`], 40_000 + n);
  expect(wire.alerts.at(-1)).toMatchObject({rule: {id: 'network.bruteforce'}, entity: client, count: 3});
  expect(wire.reasons()).toContain(`by ${service}`);
});

test('a digest that is refused counts, the first 401 that asks for one does not', () => {
  const wire = new Wire({network: {login_failures: 3}});
  const refused = '<HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x"\r\n\r\n';
  for (let n = 0; n < 20; n++) talk(wire, n, 80, ['>GET /a HTTP/1.1\r\nHost: x\r\n\r\n', refused], 40_000 + n);
  expect(wire.alerts).toEqual([]);
  const tried = '>GET /a HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username="bob"\r\n\r\n';
  for (let n = 0; n < 3; n++) talk(wire, 30 + n, 80, [tried, refused], 41_000 + n);
  expect(wire.ids()).toEqual(['network.bruteforce']);
});

/** A session of SSH, of this many bytes each way. */
function session(wire: Wire, at: number, port: number, bytes: number, clientPort: number, flags = fin | ack): void {
  const filling = 'x'.repeat(bytes);
  talk(wire, at, port, ['>SSH-2.0-client\r\n', '<SSH-2.0-server\r\n', `>${filling}`, `<${filling}`], clientPort);
  wire.tcp(at, client, server, {from: clientPort, to: port, flags});
  wire.tcp(at, server, client, {from: port, to: clientPort, flags: fin | ack});
}

test('many short SSH sessions are guessing', () => {
  const wire = new Wire();
  for (let n = 0; n < 40; n++) session(wire, n * 2, 22, 1_200, 40_000 + n, n % 2 ? rst | ack : fin | ack);
  wire.wait(120);
  wire.finish();
  expect(wire.sums()).toEqual({[`network.bruteforce ${client}`]: 40});
  expect(wire.alerts[0]?.reason).toContain(`began 30 short SSH sessions with ${server}`);
});

test('sessions that do something, few of them, and checks whether a port is open are no guessing', () => {
  const wire = new Wire();
  for (let n = 0; n < 60; n++) {
    session(wire, n * 2, 22, 9_000, 40_000 + n);
    wire.tcp(n, us, server, {from: 41_000 + n, to: 22, flags: syn});
    wire.tcp(n, server, us, {from: 22, to: 41_000 + n, flags: syn | ack});
    wire.tcp(n, us, server, {from: 41_000 + n, to: 22, flags: rst});
  }
  for (let n = 0; n < 20; n++) session(wire, 200 + n * 20, 22, 500, 50_000 + n);
  wire.wait(700);
  wire.finish();
  expect(wire.ids().filter(id => id === 'network.bruteforce')).toEqual([]);
});
