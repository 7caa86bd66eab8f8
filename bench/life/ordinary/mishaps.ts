import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {boot} from './boot.ts';
import {mirror, restartService} from './upgrades.ts';

/** What goes wrong on a healthy machine once or a few times a week. */
export function startMishaps(host: Host): void {
  const aDay = 1 / 24;
  host.start(nowAndThen(host, 0.3 * aDay, false, it => boot(it)));
  host.start(nowAndThen(host, 0.5 * aDay, false, crash));
  host.start(nowAndThen(host, 0.4 * aDay, false, outOfMemory));
  host.start(nowAndThen(host, 0.5 * aDay, false, flap));
  host.start(nowAndThen(host, 0.7 * aDay, true, busyHour));
  host.start(nowAndThen(host, 0.3 * aDay, false, clockStep));
  host.start(nowAndThen(host, 0.6 * aDay, false, fillDisk));
  host.start(nowAndThen(host, 0.4 * aDay, false, resolverTrouble));
  host.start(nowAndThen(host, 0.3 * aDay, false, slowDisk));
}

function* crash(host: Host): Script {
  const service = host.random.pick(['cron', 'rsyslog', 'nginx', 'postfix', 'chrony', 'docker', 'exporter']);
  host.systemd(
    `${service}.service: Main process exited, code=${host.random.pick(['killed, status=11/SEGV', 'exited, status=1/FAILURE', 'dumped, status=6/ABRT'])}`,
  );
  host.systemd(`${service}.service: Failed with result 'exit-code'.`);
  yield 5;
  host.systemd(`${service}.service: Scheduled restart job, restart counter is at ${host.random.between(1, 3)}.`);
  yield* restartService(host, service);
}

function* outOfMemory(host: Host): Script {
  const program = host.random.pick(['java', 'python3', 'node', 'mysqld', 'php-fpm8.2']);
  host.strain({memory: 35, cpu: 30, read: 3e7}, 240);
  yield 200;
  const pid = host.newPid();
  host.kernel(
    `${program} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`,
  );
  host.kernel(`CPU: 2 PID: ${pid} Comm: ${program} Not tainted ${host.facts.kernel} #1  Debian 6.1`);
  host.kernel('Call Trace:');
  for (const frame of [
    'dump_stack_lvl+0x44/0x5c',
    'dump_header+0x4a/0x211',
    'oom_kill_process.cold+0xb/0x10',
    'out_of_memory+0x1fd/0x4c0',
    '__alloc_pages+0x305/0x330',
  ])
    host.kernel(` ${frame}`);
  host.kernel(
    `Out of memory: Killed process ${pid} (${program}) total-vm:${host.random.between(2e6, 9e6)}kB, anon-rss:${host.random.between(1e6, 4e6)}kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:${host.random.between(4_000, 9_000)}kB oom_score_adj:0`,
  );
  host.kernel(`oom_reaper: reaped process ${pid} (${program}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`);
}

function* flap(host: Host): Script {
  const name = host.facts.interface;
  for (let times = host.random.between(1, 5); times > 0; times--) {
    host.kernel(`e1000e 0000:00:1f.6 ${name}: NIC Link is Down`);
    if (!host.facts.usesNetworkManager) host.log('systemd-networkd', `${name}: Lost carrier`);
    yield 2 + host.random.exponential(20);
    host.kernel(`e1000e 0000:00:1f.6 ${name}: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx`);
    if (!host.facts.usesNetworkManager) host.log('systemd-networkd', `${name}: Gained carrier`);
    yield host.random.exponential(60);
  }
}

/** Everybody wants something at once: nothing is wrong. */
function* busyHour(host: Host): Script {
  const seconds = 900 + host.random.exponential(2_700);
  host.strain(
    {cpu: 25 + 40 * host.random.next(), memory: 10, read: 4e6, write: 5e6, received: 4e5, sent: 1.2e6},
    seconds,
  );
  yield seconds;
}

function* clockStep(host: Host): Script {
  host.log('chronyd', `System clock was stepped by ${((host.random.next() - 0.5) * 4).toFixed(6)} seconds`);
  yield 1;
  host.systemd('Time has been changed');
}

function* fillDisk(host: Host): Script {
  const gained = host.random.between(3, 12);
  host.strain({write: 2.5e7, cpu: 8}, 300);
  host.meter.disks['/var'] = Math.min(94, (host.meter.disks['/var'] ?? 50) + gained);
  yield 7_200 + host.random.exponential(20_000);
  host.meter.disks['/var'] = Math.max(20, (host.meter.disks['/var'] ?? 50) - gained * 0.9);
}

function* resolverTrouble(host: Host): Script {
  for (let times = host.random.between(3, 15); times > 0; times--) {
    host.log(
      'systemd-resolved',
      `Using degraded feature set TCP instead of UDP for DNS server ${host.facts.resolver}.`,
    );
    host.flow({
      transport: 'udp',
      service: 'dns',
      to: host.facts.resolver,
      toPort: 53,
      out: 80,
      in: 0,
      lasts: 1,
      state: 'S0',
    });
    yield host.random.exponential(20);
  }
  mirror(host, 10_000);
}

function* slowDisk(host: Host): Script {
  host.strain({read: 3e7, cpu: 15}, 200);
  yield 120;
  const task = host.random.pick(['jbd2/sda1-8', 'kworker/u8:2', 'postgres', 'rsync']);
  host.kernel(`INFO: task ${task}:${host.random.between(200, 900)} blocked for more than 120 seconds.`);
  host.kernel(`      Not tainted ${host.facts.kernel} #1 Debian 6.1`);
  host.kernel('"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.');
}
