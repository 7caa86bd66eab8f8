import {publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** What the internet does to every machine that it can reach, all the time: guessing, probing, scanning. */
export function startInternet(host: Host): void {
  if (!host.facts.isPublic) return;
  const {random, facts} = host;
  host.start(nowAndThen(host, (2 + random.next() * 14) * facts.scale, false, guesser));
  host.start(nowAndThen(host, 3 + random.next() * 6, false, oddHandshake));
  host.start(nowAndThen(host, 20 + random.next() * 60, false, portProbe));
  host.start(nowAndThen(host, 0.2, false, sweep));
}

const guessed =
  'root admin test user ubuntu oracle postgres git ftpuser pi guest mysql www jenkins hadoop deploy dev minecraft steam es zabbix nagios tomcat'.split(
    ' ',
  );

/** One address that guesses for a while, slow or fast. */
function* guesser(host: Host): Script {
  const from = publicAddress(host.random);
  const tries = 1 + Math.floor(host.random.exponential(9));
  const pause = host.random.pick([2, 4, 20, 90]);
  for (let number = 0; number < tries; number++) {
    yield* guess(host, from);
    if (host.facts.hasFail2ban && number >= 5) {
      ban(host, from);
      return;
    }
    yield host.random.exponential(pause);
  }
}

function* guess(host: Host, from: string): Script {
  const pid = host.newPid();
  const port = host.port();
  const name = guessed[host.random.between(0, guessed.length - 1)] ?? 'admin';
  const known = name === 'root';
  const who = known ? 'root' : `invalid user ${name}`;
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
  if (!known) host.log('sshd', `Invalid user ${name} from ${from} port ${port}`, pid);
  if (!known) host.log('sshd', 'pam_unix(sshd:auth): check pass; user unknown', pid);
  host.log(
    'sshd',
    `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${from}${known ? '  user=root' : ' '}`,
    pid,
  );
  yield 1.6 + host.random.next();
  host.log('sshd', `Failed password for ${who} from ${from} port ${port} ssh2`, pid);
  yield 0.4;
  const middle = known ? 'authenticating user root' : `invalid user ${name}`;
  if (host.chance(0.6)) host.log('sshd', `Connection closed by ${middle} ${from} port ${port} [preauth]`, pid);
  else {
    host.log('sshd', `Received disconnect from ${from} port ${port}:11: Bye Bye [preauth]`, pid);
    host.log('sshd', `Disconnected from ${middle} ${from} port ${port} [preauth]`, pid);
  }
}

export function ban(host: Host, from: string): void {
  const line = (text: string) => host.write('fail2ban.log', `${host.stamps.localMillis(host.now, ',')} ${text}`);
  const pid = host.daemon('fail2ban');
  line(`fail2ban.filter         [${pid}]: INFO    [sshd] Found ${from} - ${host.stamps.local(host.now)}`);
  line(`fail2ban.actions        [${pid}]: NOTICE  [sshd] Ban ${from}`);
  host.start(unban(host, from), 600);
}

function* unban(host: Host, from: string): Script {
  yield 1;
  host.write(
    'fail2ban.log',
    `${host.stamps.localMillis(host.now, ',')} fail2ban.actions        [${host.daemon('fail2ban')}]: NOTICE  [sshd] Unban ${from}`,
  );
}

function oddHandshake(host: Host): undefined {
  const from = publicAddress(host.random);
  const port = host.port();
  const pid = host.newPid();
  const says = host.random.pick([
    `Connection closed by ${from} port ${port} [preauth]`,
    `Connection reset by ${from} port ${port} [preauth]`,
    'error: kex_exchange_identification: Connection closed by remote host',
    `banner exchange: Connection from ${from} port ${port}: invalid format`,
    `Unable to negotiate with ${from} port ${port}: no matching host key type found. Their offer: ssh-rsa,ssh-dss [preauth]`,
    `error: Protocol major versions differ: 2 vs. 1`,
    `fatal: Timeout before authentication for ${from} port ${port}`,
    `error: maximum authentication attempts exceeded for root from ${from} port ${port} ssh2 [preauth]`,
    `Bad protocol version identification '\\003' from ${from} port ${port}`,
  ]);
  host.flow({service: 'ssh', from, fromPort: port, to: host.facts.address, toPort: 22, out: 400, in: 600, lasts: 1});
  host.log('sshd', says, pid);
}

function portProbe(host: Host): undefined {
  const toPort = host.random.pick([23, 445, 3389, 8080, 5900, 1433, 6379, 2375, 8443, 81, 5555, 7547, 123, 161]);
  const udp = toPort === 123 || toPort === 161;
  const state = host.chance(0.5) ? 'S0' : 'REJ';
  const from = publicAddress(host.random);
  host.flow({
    from,
    to: host.facts.address,
    toPort,
    out: 44,
    in: 40,
    lasts: 0.1,
    state: udp ? 'S0' : state,
    transport: udp ? 'udp' : 'tcp',
  });
  if (host.chance(0.1))
    host.kernel(
      `[UFW BLOCK] IN=${host.facts.interface} OUT= MAC=${host.facts.mac}:00:00:5e:00:01:01:08:00 SRC=${from} DST=${host.facts.address} LEN=40 TOS=0x00 PREC=0x00 TTL=${host.random.between(38, 245)} ID=${host.random.between(1, 65_000)} PROTO=${udp ? 'UDP' : 'TCP'} SPT=${host.port()} DPT=${toPort}`,
    );
}

/** Someone looks at many ports at once: loud, and ordinary. */
function* sweep(host: Host): Script {
  const from = publicAddress(host.random);
  for (let number = host.random.between(15, 60); number > 0; number--) {
    host.flow({
      from,
      to: host.facts.address,
      toPort: host.random.between(1, 10_000),
      out: 44,
      in: 40,
      lasts: 0.1,
      state: host.chance(0.7) ? 'S0' : 'REJ',
    });
    yield host.random.exponential(0.5);
  }
}
