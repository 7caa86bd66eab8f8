import type {Host} from '../host.ts';
import {daily, nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** A database host: PostgreSQL or MySQL, with clients on other machines. */
export function startDatabase(host: Host): void {
  const {facts, random} = host;
  const postgres = facts.seed % 3 !== 0;
  host.start(nowAndThen(host, 60 * facts.scale, true, client));
  if (postgres) {
    host.start(regularly(host, 300, 4, checkpoint));
    host.start(nowAndThen(host, 14 * facts.scale, true, statement));
    host.start(nowAndThen(host, 4, false, vacuum));
  } else {
    host.start(nowAndThen(host, 3, false, mysql));
  }
  host.start(daily(host, random.between(0, 5) + 0.5, 60, dump));
}

export function postgresLine(host: Host, pid: number, who: string, text: string): void {
  host.write('postgresql/postgresql.log', `${host.stamps.localMillis(host.now, '.')} UTC [${pid}] ${who}${text}`);
}

function* client(host: Host): Script {
  const from = `${host.facts.gateway.slice(0, -2)}.${host.random.between(20, 26)}`;
  host.flow({
    service: 'postgresql',
    from,
    to: host.facts.address,
    toPort: host.facts.seed % 3 !== 0 ? 5432 : 3306,
    out: host.random.between(2_000, 60_000),
    in: host.random.between(4_000, 900_000),
    lasts: 20 + host.random.exponential(200),
  });
  if (host.facts.seed % 3 === 0 || host.chance(0.5)) return;
  const pid = host.newPid();
  const who = `app@${host.facts.appName} `;
  postgresLine(host, pid, '[unknown]@[unknown] ', `LOG:  connection received: host=${from} port=${host.port()}`);
  postgresLine(
    host,
    pid,
    who,
    `LOG:  connection authorized: user=app database=${host.facts.appName} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`,
  );
  yield 20 + host.random.exponential(200);
  postgresLine(
    host,
    pid,
    who,
    `LOG:  disconnection: session time: 0:0${host.random.between(0, 9)}:${host.random.between(10, 59)}.${host.random.between(100, 999)} user=app database=${host.facts.appName} host=${from} port=${host.port()}`,
  );
}

function* checkpoint(host: Host): Script {
  const pid = host.daemon('checkpointer');
  postgresLine(host, pid, '', 'LOG:  checkpoint starting: time');
  const buffers = host.random.between(4, 4_000);
  yield 2 + host.random.exponential(60);
  postgresLine(
    host,
    pid,
    '',
    `LOG:  checkpoint complete: wrote ${buffers} buffers (${(buffers / 160).toFixed(1)}%); 0 WAL file(s) added, 0 removed, ${host.random.between(0, 3)} recycled; write=${(host.random.next() * 60).toFixed(3)} s, sync=0.00${host.random.between(1, 9)} s, total=${(host.random.next() * 60).toFixed(3)} s; sync files=${host.random.between(2, 60)}, longest=0.003 s, average=0.001 s; distance=${host.random.between(20, 90_000)} kB, estimate=${host.random.between(900, 90_000)} kB`,
  );
}

function statement(host: Host): undefined {
  const table = host.random.pick(['orders', 'customers', 'stock', 'events']);
  const kind = host.random.next();
  const pid = host.newPid();
  const who = `app@${host.facts.appName} `;
  if (kind < 0.7)
    postgresLine(
      host,
      pid,
      who,
      `LOG:  duration: ${(200 + host.random.exponential(900)).toFixed(3)} ms  statement: SELECT * FROM ${table} WHERE id = ${host.random.between(1, 90_000)}`,
    );
  else if (kind < 0.85) {
    postgresLine(host, pid, who, `ERROR:  duplicate key value violates unique constraint "${table}_pkey"`);
    postgresLine(host, pid, who, `DETAIL:  Key (id)=(${host.random.between(1, 90_000)}) already exists.`);
    postgresLine(host, pid, who, `STATEMENT:  INSERT INTO ${table} (id, note) VALUES ($1, $2)`);
  } else if (kind < 0.95) postgresLine(host, pid, who, 'ERROR:  canceling statement due to statement timeout');
  else postgresLine(host, pid, who, 'LOG:  could not receive data from client: Connection reset by peer');
}

function vacuum(host: Host): undefined {
  host.strain({cpu: 10, read: 4e6, write: 2e6}, 40);
  postgresLine(
    host,
    host.newPid(),
    '',
    `LOG:  automatic vacuum of table "${host.facts.appName}.public.${host.random.pick(['orders', 'events', 'stock'])}": index scans: ${host.random.between(0, 2)}`,
  );
}

function mysql(host: Host): undefined {
  const text = host.random.pick([
    `${host.random.between(100, 9_000)} [Note] [MY-010914] [Server] Aborted connection ${host.random.between(100, 9_000)} to db: '${host.facts.appName}' user: 'app' host: '${host.facts.gateway.slice(0, -2)}.22' (Got timeout reading communication packets).`,
    `0 [Warning] [MY-013712] [Server] No suitable 'keyring_component_metadata_query' service implementation found to fulfill the request.`,
    `${host.random.between(100, 9_000)} [Warning] [MY-010055] [Server] IP address '${host.facts.gateway}' could not be resolved: Name or service not known`,
    `0 [Note] [MY-011953] [InnoDB] Page cleaner took ${host.random.between(4_000, 9_000)}ms to flush ${host.random.between(100, 900)} and evict 0 pages`,
  ]);
  host.write('mysql/error.log', `${host.stamps.iso(host.now).replace('+00:00', 'Z')} ${text}`);
}

function* dump(host: Host): Script {
  const seconds = 200 * host.facts.scale;
  host.log('pgdump', `starting nightly dump of ${host.facts.appName}`, host.newPid());
  host.strain({cpu: 22, read: 2e7, write: 1e7}, seconds);
  yield seconds;
  host.log('pgdump', `dump of ${host.facts.appName} finished, ${host.random.between(200, 900)} MB`, host.newPid());
}
