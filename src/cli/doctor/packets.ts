import {grantCommand} from '../../capture/packets/privilege-words.ts';
import type {Settings} from '../../config/settings.ts';
import {type Check, fails, note, ok} from './check.ts';

/** What capture stands on, as found here. */
export interface PacketFacts {
  readonly settings: Settings['capture'];
  /** Named by `sources` in [monitor], or all are. */
  readonly wanted: boolean;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** Path of the running node. */
  readonly node: string;
  /** The C library through koffi, or why it cannot be had. */
  readonly koffi: {readonly missing?: string};
  /** CapEff of /proc/self/status, as hexadecimal text. */
  readonly capabilities: string;
  /** The interfaces that the settings mean. */
  readonly interfaces: readonly InterfaceFound[];
  readonly userExists: boolean;
  readonly hasCap: boolean;
  /** Bytes of memory that could be given out. */
  readonly available: number;
  readonly install: (name: string) => string;
}

export interface InterfaceFound {
  readonly name: string;
  /** Undefined where there is no such interface. */
  readonly mtu: number | undefined;
  readonly isUp: boolean;
  /** Packets above the MTU are nothing unusual on it; undefined where that could not be asked. */
  readonly aggregates: boolean | undefined;
}

const rawCapability = 13n;
const off = 'packets = no in [capture]';

/** Whether packets can be captured, on what, and by whom. */
export function packetChecks(facts: PacketFacts): readonly Check[] {
  if (!facts.settings.packets) return [ok('packets', `off: ${off}`)];
  if (!facts.wanted) return [ok('packets', 'off: sources in [monitor] does not name packets')];
  if (facts.platform !== 'linux') return [fails('packets', `need Linux, found ${facts.platform}`, off)];
  return [
    right(facts),
    library(facts),
    backend(facts),
    ...interfaces(facts),
    ring(facts),
    sensorUser(facts),
    optionalCap(facts),
  ];
}

function right({capabilities, isRoot, node}: PacketFacts): Check {
  const has = ((BigInt(`0x${capabilities || '0'}`) >> rawCapability) & 1n) === 1n;
  if (has) return ok('packet right', isRoot ? 'CAP_NET_RAW, as root' : `CAP_NET_RAW, from ${node}`);
  if (!isRoot) return fails('packet right', 'CAP_NET_RAW is missing', grantCommand(node));
  return fails(
    'packet right',
    'root without CAP_NET_RAW, as in a container that was not given it',
    `start the container with --cap-add=NET_RAW; or ${off}`,
  );
}

function library({koffi, install}: PacketFacts): Check {
  if (koffi.missing === undefined) return ok('packet library', 'koffi loads');
  return fails('packet library', `koffi does not load: ${koffi.missing}`, `${install('koffi')}; or ${off}`);
}

function backend({settings}: PacketFacts): Check {
  if (settings.backend === 'auto' || settings.backend === 'ring') {
    return ok('packet backend', `the kernel's ring (backend = ${settings.backend})`);
  }
  const found = `backend = ${settings.backend}, and this siem captures with the kernel's ring only`;
  return fails('packet backend', found, 'backend = auto in [capture]');
}

function interfaces({interfaces: found}: PacketFacts): readonly Check[] {
  if (found.length > 0) return found.map(entry => oneInterface(entry));
  const mend = 'name one under interfaces in [capture]; ip link lists them';
  return [fails('interface', 'none holds a default route, so there is nothing to capture on', mend)];
}

function oneInterface({name, mtu, isUp, aggregates}: InterfaceFound): Check {
  const check = `interface ${name}`;
  if (mtu === undefined)
    return fails(check, 'there is no such interface', `interfaces = auto in [capture]; or ip link`);
  if (!isUp) return fails(check, `is down, MTU ${mtu}`, `sudo ip link set ${name} up`);
  if (aggregates === undefined) return ok(check, `up, MTU ${mtu}`);
  return ok(
    check,
    aggregates
      ? `up, MTU ${mtu}, offload on: packets above the MTU are no anomaly`
      : `up, MTU ${mtu}, offload off: packets above the MTU are an anomaly`,
  );
}

function ring({settings, interfaces: found, available}: PacketFacts): Check {
  const all = settings.ring_megabytes * Math.max(1, found.length);
  const text = `${settings.ring_megabytes} MB an interface, ${all} MB in all, ${settings.snap_length} bytes of each packet`;
  if (all * 1_048_576 < available / 2) return ok('packet ring', text);
  const free = Math.floor(available / 1_048_576);
  return fails('packet ring', `${text}; ${free} MB of memory are free`, 'a lower ring_megabytes in [capture]');
}

function sensorUser({settings, isRoot, userExists}: PacketFacts): Check {
  if (!isRoot) return ok('sensor user', 'stays who it is: only root becomes somebody else');
  if (userExists) return ok('sensor user', `becomes ${settings.user}`);
  return fails('sensor user', `there is no user ${settings.user}`, 'user = nobody in [capture]');
}

function optionalCap({hasCap, install}: PacketFacts): Check {
  const rest = "this siem captures with the kernel's ring";
  if (hasCap) return note('cap', `optional, installed; ${rest}`);
  return note('cap', `optional, not installed and not needed; ${rest}. Added with: ${install('cap')}`);
}
