import type {Host} from '../host.ts';
import {sudo} from '../ordinary/people.ts';
import type {Script} from '../simulation.ts';
import type {Attack, Intruder} from './attack.ts';

/** A reverse shell or a beacon: small, regular, to an address that nothing else talks to. */
function* beacon(host: Host, {control}: Intruder): Script {
  const toPort = host.random.pick([443, 4444, 8443, 1337, 9001]);
  const period = host.random.pick([30, 60, 120, 300]);
  if (toPort !== 443 && host.chance(0.5)) host.flow({to: control, toPort, out: 60_000, in: 20_000, lasts: 5_400});
  for (let times = host.random.between(30, 120); times > 0; times--) {
    host.flow({
      service: toPort === 443 ? 'https' : '',
      to: control,
      toPort,
      out: 420 + host.random.between(0, 60),
      in: 380,
      lasts: 0.4,
    });
    yield period * (0.9 + 0.2 * host.random.next());
  }
}

/** Data in the names that are asked for: many long questions, or one resolver elsewhere that is asked without end. */
function* dnsTunnel(host: Host, {control}: Intruder): Script {
  const direct = host.chance(0.5);
  for (let times = host.random.between(300, 1_200); times > 0; times--) {
    host.flow({
      transport: 'udp',
      service: 'dns',
      to: direct ? control : host.facts.resolver,
      toPort: 53,
      out: host.random.between(190, 300),
      in: host.random.between(200, 900),
      lasts: 0.05,
    });
    yield host.random.exponential(2);
  }
}

function neighbourOf(host: Host, number: number): string {
  return `${host.facts.gateway.slice(0, -2)}.${number}`;
}

/** From this machine to its neighbours, with what was found here. */
function* lateral(host: Host, {victim}: Intruder): Script {
  for (let times = host.random.between(4, 16); times > 0; times--) {
    const to = neighbourOf(host, host.random.between(10, 99));
    if (host.chance(0.2))
      yield* sudo(host, victim.name, `/usr/bin/ssh -o StrictHostKeyChecking=no root@${to}`, 'pts/2', 5);
    const entered = host.chance(0.3);
    host.flow({
      service: 'ssh',
      to,
      toPort: 22,
      out: entered ? 30_000 : 2_600,
      in: entered ? 80_000 : 2_900,
      lasts: entered ? 300 : 3,
      state: host.chance(0.2) ? 'REJ' : 'SF',
    });
    yield 10 + host.random.exponential(60);
  }
}

function* internalScan(host: Host): Script {
  const ports = [22, 80, 139, 443, 445, 1433, 3306, 3389, 5432, 5900, 6379, 8080, 27_017];
  const pause = host.random.pick([0.02, 0.3, 4]);
  const hosts = pause > 1 ? 25 : 120;
  for (let number = 1; number <= hosts; number++) {
    for (const toPort of ports.slice(0, pause > 1 ? 4 : ports.length)) {
      host.flow({
        to: neighbourOf(host, number),
        toPort,
        out: 60,
        in: 40,
        lasts: 0.2,
        state: host.chance(0.75) ? 'S0' : 'REJ',
      });
      yield host.random.exponential(pause);
    }
  }
}

/** Packed here and sent away; sometimes all at once, sometimes in pieces. */
function* exfiltration(host: Host, {control, victim}: Intruder): Script {
  if (host.chance(0.5)) yield* sudo(host, victim.name, '/usr/bin/tar czf /dev/shm/.s.tgz /srv /home', 'pts/2', 30);
  host.strain({cpu: 25, read: 3e7}, 240);
  yield 240;
  const total = 8e8 + host.random.exponential(4e9);
  const pieces = host.random.pick([1, 4, 20]);
  for (let number = 0; number < pieces; number++) {
    const seconds = total / pieces / 5e6;
    host.strain({sent: 5e6, read: 5e6, cpu: 5}, seconds);
    host.flow({
      service: 'https',
      to: control,
      toPort: host.random.pick([443, 443, 22, 8443]),
      out: total / pieces,
      in: total / pieces / 60,
      lasts: seconds,
    });
    yield seconds + host.random.exponential(120);
  }
}

export const networkAttacks: readonly Attack[] = [
  {name: 'beacon', technique: 'T1071.001 T1571', stage: 2, effects: [], run: beacon},
  {name: 'dns-tunnel', technique: 'T1071.004', stage: 3, effects: [], run: dnsTunnel},
  {name: 'lateral-ssh', technique: 'T1021.004', stage: 3, effects: [], run: lateral},
  {name: 'internal-scan', technique: 'T1046', stage: 3, effects: [], run: internalScan},
  {
    name: 'exfiltration',
    technique: 'T1048',
    stage: 4,
    effects: ['network.', 'disk.read', 'cpu.', 'load.'],
    run: exfiltration,
  },
];
