import {hex} from '../facts.ts';
import type {Host} from '../host.ts';
import {postgresLine} from '../ordinary/database.ts';
import type {Script} from '../simulation.ts';
import type {Attack, Intruder} from './attack.ts';

/** All cores for somebody else's coins, and a line to the pool that never ends. */
function* miner(host: Host, {control}: Intruder): Script {
  const hours = 2 + host.random.next() * 6;
  const name = host.random.pick(['kdevtmpfsi', 'xmrig', 'kworkerds', 'sysupdate']);
  if (host.chance(0.6)) host.systemd(`Started ${name}.service - ${name}.`);
  if (host.chance(0.5)) host.kernel(`msr: Write to unrecognized MSR 0x1a4 by ${name} (pid: ${host.newPid()}).`);
  host.strain({cpu: host.chance(0.3) ? 45 : 92, memory: 14}, hours * 3_600);
  for (let left = hours * 3_600; left > 0; left -= 3_600) {
    host.flow({
      to: control,
      toPort: host.random.pick([3333, 5555, 14_444, 443]),
      out: 90_000,
      in: 140_000,
      lasts: Math.min(left, 3_600),
    });
    yield Math.min(left, 3_600);
  }
}

const readers = ['smbd', 'dovecot', 'postgres', 'nginx', 'rsync'] as const;

/** Everything is read and written anew; services stop, and what is left of them complains. */
function* ransom(host: Host): Script {
  const seconds = 900 + host.random.exponential(2_400);
  for (const service of ['postgresql', 'mysql', 'docker', 'smbd', 'cron'].slice(0, host.random.between(2, 5))) {
    host.systemd(`Stopping ${service}.service...`);
    yield 1 + host.random.next();
    host.systemd(`${service}.service: Deactivated successfully.`);
    host.systemd(`Stopped ${service}.service.`);
  }
  host.strain({cpu: 60, read: 9e7, write: 9e7}, seconds);
  const end = host.now + seconds * 1e6;
  while (host.now < end) {
    const program = host.random.pick(readers);
    host.log(
      program,
      `could not open file "/srv/data/${hex(host.random, 6)}": No such file or directory`,
      host.newPid(),
    );
    yield host.random.exponential(40);
  }
  host.kernel(
    'EXT4-fs warning (device sda1): ext4_dx_add_entry:2461: Directory (ino: 393217) index full, reach max htree level :2',
  );
}

/** Someone who is not the application reads whole tables. */
function* databaseDump(host: Host, {control}: Intruder): Script {
  const from = `${host.facts.gateway.slice(0, -2)}.${host.random.between(100, 180)}`;
  const database = host.facts.appName;
  const pid = host.newPid();
  if (host.facts.seed % 3 === 0) {
    host.write(
      'mysql/error.log',
      `${host.stamps.iso(host.now).replace('+00:00', 'Z')} ${host.random.between(100, 9_000)} [Note] [MY-010926] [Server] Access denied for user 'root'@'${from}' (using password: YES)`,
    );
    yield 30;
  } else {
    for (let tries = host.random.between(1, 8); tries > 0; tries--) {
      postgresLine(
        host,
        pid - tries,
        `postgres@${database} `,
        'FATAL:  password authentication failed for user "postgres"',
      );
      yield 4;
    }
    postgresLine(
      host,
      pid,
      `postgres@${database} `,
      `LOG:  connection authorized: user=postgres database=${database} application_name=pg_dump`,
    );
    for (const table of ['customers', 'orders', 'payments', 'users']) {
      postgresLine(
        host,
        pid,
        `postgres@${database} `,
        `LOG:  duration: ${(9_000 + host.random.exponential(90_000)).toFixed(3)} ms  statement: COPY public.${table} (id, name, email, secret) TO stdout;`,
      );
      yield 20 + host.random.exponential(60);
    }
  }
  const bytes = 3e8 + host.random.exponential(2e9);
  host.strain({read: 3e7, sent: 6e6, cpu: 20}, bytes / 6e6);
  host.flow({
    service: 'postgresql',
    from: host.chance(0.5) ? from : control,
    to: host.facts.address,
    toPort: 5432,
    out: bytes / 50,
    in: bytes,
    lasts: bytes / 6e6,
  });
  yield bytes / 6e6;
}

export const impactAttacks: readonly Attack[] = [
  {name: 'miner', technique: 'T1496', stage: 4, effects: ['cpu.', 'load.', 'memory.'], run: miner},
  {name: 'ransom', technique: 'T1486', stage: 4, effects: ['disk.read', 'disk.write', 'cpu.', 'load.'], run: ransom},
  {
    name: 'database-dump',
    technique: 'T1213',
    stage: 4,
    effects: ['disk.read', 'network.', 'cpu.', 'load.'],
    suits: facts => facts.personalities.includes('database'),
    run: databaseDump,
  },
];
