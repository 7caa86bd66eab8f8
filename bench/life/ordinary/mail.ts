import {hex, publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** A mail and file server: postfix, dovecot, spam checks, samba. */
export function startMail(host: Host): void {
  const {facts} = host;
  host.start(nowAndThen(host, 45 * facts.scale, true, incoming));
  host.start(nowAndThen(host, 12 * facts.scale, true, outgoing));
  host.start(nowAndThen(host, 30 * facts.scale, true, mailbox));
  host.start(nowAndThen(host, facts.isPublic ? 12 : 0.2, false, stranger));
  host.start(nowAndThen(host, 6, true, share));
}

const senders = [
  'mail.example.net',
  'smtp.partner.example',
  'mx1.lists.example',
  'out.shop.example',
  'mta7.news.example',
] as const;

function* incoming(host: Host): Script {
  const {random, facts} = host;
  const from = publicAddress(random);
  const name = random.pick(senders);
  const smtpd = host.newPid();
  const id = hex(random, 11).toUpperCase();
  const size = random.between(2_000, 400_000);
  const user = host.person().name;
  host.flow({service: 'smtp', from, to: facts.address, toPort: 25, out: size, in: 1_400, lasts: 4});
  host.log('postfix/smtpd', `connect from ${name}[${from}]`, smtpd);
  yield 0.8;
  if (host.chance(0.15)) {
    host.log(
      'postfix/smtpd',
      `NOQUEUE: reject: RCPT from ${name}[${from}]: 450 4.2.0 <${user}@${facts.domain}>: Recipient address rejected: Greylisted; from=<news@${name}> to=<${user}@${facts.domain}> proto=ESMTP helo=<${name}>`,
      smtpd,
    );
    host.log('postfix/smtpd', `disconnect from ${name}[${from}] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4`, smtpd);
    return;
  }
  host.log('postfix/smtpd', `${id}: client=${name}[${from}]`, smtpd);
  host.log('postfix/cleanup', `${id}: message-id=<${hex(random, 16)}@${name}>`, host.newPid());
  host.log('postfix/qmgr', `${id}: from=<news@${name}>, size=${size}, nrcpt=1 (queue active)`);
  host.log(
    'postfix/smtpd',
    `disconnect from ${name}[${from}] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7`,
    smtpd,
  );
  yield 0.5;
  host.log(
    'spamd',
    `spamd: result: ${host.chance(0.2) ? 'Y' : '.'} ${random.between(-2, 9)} - BAYES_${random.pick(['00', '50', '99'])},HTML_MESSAGE scantime=${(random.next() * 3).toFixed(1)},size=${size},user=${user}`,
  );
  host.log(
    'dovecot',
    `lmtp(${user})<${host.newPid()}><${hex(random, 12)}>: msgid=<${hex(random, 16)}@${name}>: saved mail to INBOX`,
    null,
  );
  host.log(
    'postfix/lmtp',
    `${id}: to=<${user}@${facts.domain}>, relay=${facts.host}[private/dovecot-lmtp], delay=${(random.next() * 2).toFixed(2)}, delays=0.4/0.01/0.01/0.1, dsn=2.0.0, status=sent (250 2.0.0 <${user}@${facts.domain}> Saved)`,
    host.newPid(),
  );
  host.log('postfix/qmgr', `${id}: removed`);
}

function* outgoing(host: Host): Script {
  const {random, facts} = host;
  const id = hex(random, 11).toUpperCase();
  const user = host.person().name;
  const size = random.between(1_000, 2_000_000);
  const to = publicAddress(random);
  host.log(
    'postfix/submission/smtpd',
    `${id}: client=unknown[${facts.gateway.slice(0, -2)}.${random.between(100, 220)}], sasl_method=PLAIN, sasl_username=${user}`,
    host.newPid(),
  );
  host.log('postfix/qmgr', `${id}: from=<${user}@${facts.domain}>, size=${size}, nrcpt=1 (queue active)`);
  yield 1 + random.exponential(2);
  host.flow({service: 'smtp', to, toPort: 25, out: size, in: 1_100, lasts: 2});
  if (host.chance(0.06)) {
    host.log(
      'postfix/smtp',
      `${id}: to=<info@${random.pick(senders)}>, relay=none, delay=30, delays=0.1/0/30/0, dsn=4.4.1, status=deferred (connect to ${to}[${to}]:25: Connection timed out)`,
      host.newPid(),
    );
    yield 900;
  }
  host.log(
    'postfix/smtp',
    `${id}: to=<info@${random.pick(senders)}>, relay=${to}[${to}]:25, delay=1.9, delays=0.1/0/0.7/1.1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as ${hex(random, 9).toUpperCase()})`,
    host.newPid(),
  );
  host.log('postfix/qmgr', `${id}: removed`);
}

function* mailbox(host: Host): Script {
  const {random, facts} = host;
  const user = host.person().name;
  const session = hex(random, 12);
  const from = `${facts.gateway.slice(0, -2)}.${random.between(100, 220)}`;
  host.flow({service: 'imaps', from, to: facts.address, toPort: 993, out: 2_000, in: 40_000, lasts: 120});
  host.log(
    'dovecot',
    `imap-login: Login: user=<${user}>, method=PLAIN, rip=${from}, lip=${facts.address}, mpid=${host.newPid()}, TLS, session=<${session}>`,
    null,
  );
  yield 20 + random.exponential(400);
  host.log(
    'dovecot',
    `imap(${user})<${host.newPid()}><${session}>: Disconnected: Logged out in=${random.between(100, 4_000)} out=${random.between(1_000, 90_000)} deleted=0 expunged=0 trashed=0 hdr_count=${random.between(0, 9)} hdr_bytes=${random.between(0, 9_000)} body_count=0 body_bytes=0`,
    null,
  );
}

function* stranger(host: Host): Script {
  const from = publicAddress(host.random);
  const pid = host.newPid();
  host.log('postfix/smtpd', `connect from unknown[${from}]`, pid);
  yield 1;
  const kind = host.random.next();
  if (kind < 0.5)
    host.log(
      'postfix/smtpd',
      `warning: unknown[${from}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=${host.random.pick(['info', 'admin', 'sales', 'test'])}`,
      pid,
    );
  else if (kind < 0.7)
    host.log(
      'postfix/smtpd',
      `lost connection after ${host.random.pick(['AUTH', 'CONNECT', 'EHLO', 'STARTTLS'])} from unknown[${from}]`,
      pid,
    );
  else if (kind < 0.8)
    host.log(
      'dovecot',
      `imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 4 secs): user=<info>, method=PLAIN, rip=${from}, lip=${host.facts.address}, TLS`,
      null,
    );
  else host.log('postfix/smtpd', `SSL_accept error from unknown[${from}]: -1`, pid);
  host.log('postfix/smtpd', `disconnect from unknown[${from}] ehlo=1 auth=0/1 quit=1 commands=2/3`, pid);
}

function* share(host: Host): Script {
  const user = host.person().name;
  const from = `${host.facts.gateway.slice(0, -2)}.${host.random.between(100, 220)}`;
  host.flow({
    service: 'smb',
    from,
    to: host.facts.address,
    toPort: 445,
    out: host.random.between(20_000, 9e6),
    in: host.random.between(20_000, 9e6),
    lasts: 200,
  });
  host.log(
    'smbd',
    `${user} (ipv4:${from}:${host.port()}) connect to service documents initially as user ${user} (uid=1001, gid=1001) (pid ${host.newPid()})`,
  );
  yield 600;
  if (host.chance(0.5))
    host.log('smbd', `${user} (ipv4:${from}:${host.port()}) closed connection to service documents`);
}
