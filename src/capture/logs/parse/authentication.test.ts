import {LineParser} from './line-parser.ts';

const parser = new LineParser({provider: 'auth', host: 'pc'});

function fieldsOf(program: string, message: string) {
  const entry = parser.parse(`Nov 22 10:00:01 pc ${program}[7]: ${message}`, Date.UTC(2026, 10, 22, 12) * 1000);
  return {...entry.fields, ...(entry.user === undefined ? undefined : {user: entry.user})};
}

test('sshd: a failed and an accepted login', () => {
  expect(fieldsOf('sshd', 'Failed password for root from 1.2.3.4 port 2222 ssh2')).toEqual({
    user: 'root',
    'event.action': 'ssh_login',
    'event.category': 'authentication',
    'event.outcome': 'failure',
    'sshd.method': 'password',
    'source.ip': '1.2.3.4',
    'source.port': 2222,
  });
  const key = 'Accepted publickey for alice from fe80::1%eth0 port 5 ssh2: ED25519 SHA256:abc/def';
  expect(fieldsOf('sshd-session', key)).toMatchObject({
    user: 'alice',
    'event.outcome': 'success',
    'source.ip': 'fe80::1%eth0',
  });
});

test.each([
  'x from 9.9.9.9 port 22 ssh2',
  'root from 9.9.9.9 port 22 ssh2: RSA SHA256:x',
  ' from 9.9.9.9 port 22 ssh2 for y',
  'invalid user x',
])('sshd: a user named "%s" cannot put on another address', name => {
  expect(fieldsOf('sshd', `Failed password for invalid user ${name} from 1.2.3.4 port 5 ssh2`)).toMatchObject({
    user: name,
    'sshd.invalid_user': true,
    'source.ip': '1.2.3.4',
    'source.port': 5,
  });
  expect(fieldsOf('sshd', `Invalid user ${name} from 1.2.3.4 port 5`)).toMatchObject({
    user: name,
    'source.ip': '1.2.3.4',
  });
});

test('sshd: text behind the end is no login', () => {
  expect(fieldsOf('sshd', 'Failed password for root from 1.2.3.4 port 22 ssh2 hello')).toEqual({});
  expect(fieldsOf('evil', 'Failed password for root from 1.2.3.4 port 22 ssh2')).toEqual({});
});

test('sshd: one attempt is one authentication, whatever else is written about it', () => {
  const lines = [
    'Invalid user bob from 1.2.3.4 port 5',
    'pam_unix(sshd:auth): check pass; user unknown',
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4 ',
    'Failed none for invalid user bob from 1.2.3.4 port 5 ssh2',
    'Failed password for invalid user bob from 1.2.3.4 port 5 ssh2',
    'Connection closed by invalid user bob 1.2.3.4 port 5 [preauth]',
  ];
  const fields = lines.map(line => fieldsOf('sshd', line));
  expect(fields.filter(field => 'event.category' in field)).toHaveLength(1);
  expect(fields.filter(field => 'source.ip' in field)).toHaveLength(5);
});

test('sshd: repeated messages carry their count', () => {
  expect(
    fieldsOf('sshd', 'message repeated 4 times: [ Failed password for root from 1.2.3.4 port 22 ssh2]'),
  ).toMatchObject({'event.count': 4, user: 'root', 'source.ip': '1.2.3.4'});
});

test('PAM: who and from where, and a login program of its own counts as an attempt', () => {
  const failure = 'authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4  user=root';
  expect(fieldsOf('sshd', `pam_unix(sshd:auth): ${failure}`)).toEqual({
    user: 'root',
    'event.action': 'pam_auth',
    'event.outcome': 'failure',
    'pam.service': 'sshd',
    'process.tty.name': 'ssh',
    'source.ip': '1.2.3.4',
  });
  expect(fieldsOf('sshd', `PAM 2 more authentication failures; ${failure.slice(24)}`)).toMatchObject({
    'event.count': 2,
    'source.ip': '1.2.3.4',
  });
  expect(fieldsOf('login', `pam_unix(login:auth): ${failure}`)).toMatchObject({'event.category': 'authentication'});
  expect(fieldsOf('sshd(pam_unix)', failure)).toMatchObject({'event.action': 'pam_auth', user: 'root'});
  expect(fieldsOf('sshd', `pam_unix(sshd:auth): ${failure} rhost=6.6.6.6`)).toMatchObject({'source.ip': '1.2.3.4'});
});

test('PAM: sessions', () => {
  expect(fieldsOf('sshd', 'pam_unix(sshd:session): session opened for user alice(uid=1000) by (uid=0)')).toMatchObject({
    user: 'alice',
    'event.action': 'session_opened',
    'event.category': 'session',
  });
  expect(fieldsOf('CRON', 'pam_unix(cron:session): session closed for user root')).toMatchObject({
    user: 'root',
    'event.action': 'session_closed',
  });
});

test('sudo: a command, wrong passwords and a refusal', () => {
  const tail = 'TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/cat /etc/shadow ; USER=x';
  expect(fieldsOf('sudo', `   alice : ${tail}`)).toEqual({
    user: 'alice',
    'event.action': 'sudo',
    'event.category': 'process',
    'event.outcome': 'success',
    'user.effective.name': 'root',
    'process.command_line': '/bin/cat /etc/shadow ; USER=x',
  });
  expect(fieldsOf('sudo', `alice : 3 incorrect password attempts ; ${tail}`)).toMatchObject({
    'event.category': 'authentication',
    'event.outcome': 'failure',
    'event.count': 3,
  });
  expect(fieldsOf('sudo', `alice : user NOT in sudoers ; ${tail}`)).toMatchObject({
    'event.category': 'process',
    'event.outcome': 'failure',
    'event.reason': 'user NOT in sudoers',
  });
});

test.each([
  ['(to root) alice on pts/0', 'success'],
  ['FAILED SU (to root) alice on pts/0', 'failure'],
  ['Successful su for root by alice', 'success'],
  ['FAILED su for root by alice', 'failure'],
])('su: %s', (message, outcome) => {
  expect(fieldsOf('su', message)).toEqual({
    user: 'alice',
    'event.action': 'su',
    'event.category': 'authentication',
    'event.outcome': outcome,
    'user.effective.name': 'root',
  });
});
