import {hex} from '../facts.ts';
import type {Host} from '../host.ts';
import {nowAndThen} from '../rhythm.ts';
import type {Script} from '../simulation.ts';
import {mirror} from './upgrades.ts';

/** A developer box: containers, builds, git, a package proxy. */
export function startDeveloper(host: Host): void {
  const {facts} = host;
  host.start(nowAndThen(host, 9 * facts.scale, true, container));
  host.start(nowAndThen(host, 2.5 * facts.scale, true, build));
  host.start(nowAndThen(host, 8, true, gitSession));
  host.start(nowAndThen(host, 0.4, true, segfault));
}

export function dockerLine(host: Host, level: string, msg: string): void {
  const time = host.stamps.iso(host.now).replace('+00:00', 'Z');
  host.log('dockerd', `time="${time}" level=${level} msg="${msg}"`);
}

/** One container's life, with the bridge's lines in the kernel log. */
export function* container(host: Host): Script {
  const {random} = host;
  const id = hex(random, 64);
  const veth = `veth${hex(random, 7)}`;
  const bridge = `br-${hex(host.actor(1).random, 12)}`;
  host.kernel(`${bridge}: port ${random.between(1, 9)}(${veth}) entered blocking state`);
  host.kernel(`${bridge}: port ${random.between(1, 9)}(${veth}) entered disabled state`);
  host.kernel(`device ${veth} entered promiscuous mode`);
  host.log(
    'systemd-udevd',
    `${veth}: Could not generate persistent MAC address: No such file or directory`,
    host.newPid(),
  );
  host.kernel(`eth0: renamed from ${veth}`);
  host.kernel(`IPv6: ADDRCONF(NETDEV_CHANGE): ${veth}: link becomes ready`);
  host.log(
    'containerd',
    `time="${host.stamps.iso(host.now)}" level=info msg="loading plugin \\"io.containerd.ttrpc.v1.task\\"..." runtime=io.containerd.runc.v2 type=io.containerd.ttrpc.v1`,
  );
  host.systemd(`Started docker-${id}.scope - libcontainer container ${id}.`);
  yield 20 + random.exponential(400);
  dockerLine(
    host,
    'info',
    `ignoring event" container=${id} module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete`,
  );
  host.systemd(`docker-${id}.scope: Deactivated successfully.`);
  host.log(
    'containerd',
    `time="${host.stamps.iso(host.now)}" level=info msg="shim disconnected" id=${id} namespace=moby`,
  );
  host.kernel(`${bridge}: port ${random.between(1, 9)}(${veth}) entered disabled state`);
  host.kernel(`device ${veth} left promiscuous mode`);
}

function* build(host: Host): Script {
  const seconds = 20 + host.random.exponential(200);
  host.strain({cpu: 40 + 45 * host.random.next(), memory: 12, read: 6e6, write: 8e6}, seconds);
  const run = host.random.between(1_000, 9_000);
  host.log(
    'gitlab-runner',
    `Checking for jobs... received                      job=${run} repo_url=https://git.${host.facts.domain}/team/${host.facts.appName}.git runner=${hex(host.actor(2).random, 8)}`,
  );
  if (host.chance(0.6)) mirror(host, host.random.between(200_000, 40_000_000));
  yield seconds;
  if (host.chance(0.8))
    host.log(
      'gitlab-runner',
      `Job succeeded                                      duration_s=${seconds.toFixed(3)} job=${run} project=${host.random.between(2, 9)} runner=${hex(host.actor(2).random, 8)}`,
    );
  else host.log('gitlab-runner', `WARNING: Job failed: exit code ${host.random.pick([1, 1, 2, 137])}`);
}

function* gitSession(host: Host): Script {
  const from = `${host.facts.gateway.slice(0, -2)}.${host.random.between(100, 220)}`;
  host.flow({
    service: 'https',
    to: `140.82.121.${host.random.between(3, 6)}`,
    toPort: 443,
    out: host.random.between(4_000, 400_000),
    in: host.random.between(8_000, 9e6),
    lasts: 6,
  });
  if (!host.chance(0.4)) return;
  const pid = host.newPid();
  host.log(
    'sshd',
    `Accepted publickey for git from ${from} port ${host.port()} ssh2: RSA SHA256:${host.facts.people[1]?.key ?? ''}`,
    pid,
  );
  host.log('sshd', 'pam_unix(sshd:session): session opened for user git(uid=998) by (uid=0)', pid);
  yield 2 + host.random.exponential(3);
  host.log('sshd', 'pam_unix(sshd:session): session closed for user git', pid);
}

function* segfault(host: Host): Script {
  const program = host.random.pick(['python3', 'node', 'a.out', 'test_runner', 'java']);
  const pid = host.newPid();
  host.kernel(
    `${program}[${pid}]: segfault at ${hex(host.random, 8)} ip 00007f${hex(host.random, 10)} sp 00007ffc${hex(host.random, 8)} error 4 in libc.so.6[7f${hex(host.random, 10)}+155000] likely on CPU ${host.random.between(0, 3)} (core ${host.random.between(0, 3)}, socket 0)`,
  );
  yield 0.5;
  if (host.chance(0.5))
    host.log('systemd-coredump', `Process ${pid} (${program}) of user 1000 dumped core.`, host.newPid());
}
