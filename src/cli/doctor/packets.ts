import {aggregates, type Offloads} from '../../capture/packets/offload.ts';
import {listCommand, pcapGrant, upCommand} from '../../capture/packets/pcap-words.ts';
import {grantCommand} from '../../capture/packets/privilege-words.ts';
import type {Settings} from '../../config/settings.ts';
import {type Check, fails, note, ok} from './check.ts';
import {backendChecks} from './packet-backends.ts';

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
  /** libpcap or Npcap, or why it cannot be had. */
  readonly pcap: {readonly version: string} | {readonly missing: string};
  /** This user may open macOS's packet devices. */
  readonly opensBpf: boolean;
  /** Bytes of memory that could be given out. */
  readonly available: number;
  readonly install: (name: string) => string;
}

export interface InterfaceFound {
  readonly name: string;
  /** Undefined where there is no such interface. */
  readonly mtu: number | 'unknown' | undefined;
  readonly isUp: boolean;
  /** Undefined where they could not be asked for. */
  readonly offloads: Offloads | undefined;
}

const rawCapability = 13n;
const off = 'packets = no in [capture]';

/** Whether packets can be captured, on what, and by whom. */
export function packetChecks(facts: PacketFacts): readonly Check[] {
  if (!facts.settings.packets) return [ok('packets', `off: ${off}`)];
  if (!facts.wanted) return [ok('packets', 'off: sources in [monitor] does not name packets')];
  return [right(facts), library(facts), ...backendChecks(facts), ...interfaces(facts), ring(facts), sensorUser(facts)];
}

function right(facts: PacketFacts): Check {
  const {platform, isRoot, opensBpf} = facts;
  if (platform === 'linux') return capability(facts);
  if (platform === 'win32') return note('packet right', 'Npcap may ask for an administrator', pcapGrant(platform));
  if (isRoot || opensBpf) return ok('packet right', isRoot ? 'root' : 'may open /dev/bpf0');
  return fails('packet right', '/dev/bpf0 may not be opened', pcapGrant(platform));
}

function capability({capabilities, isRoot, node}: PacketFacts): Check {
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

function interfaces({interfaces: found, platform}: PacketFacts): readonly Check[] {
  if (found.length > 0) return found.map(entry => oneInterface(entry, platform));
  const mend = `name one under interfaces in [capture]; ${listCommand(platform)} lists them`;
  return [fails('interface', 'none holds a default route, so there is nothing to capture on', mend)];
}

function oneInterface({name, mtu, isUp, offloads}: InterfaceFound, platform: NodeJS.Platform): Check {
  const check = `interface ${name}`;
  if (mtu === undefined)
    return fails(check, 'there is no such interface', `interfaces = auto in [capture]; or ${listCommand(platform)}`);
  const size = `MTU ${mtu}`;
  if (!isUp) return fails(check, `is down, ${size}`, `sudo ${upCommand(name, platform).replace(/^sudo /, '')}`);
  return ok(check, offloads === undefined ? `up, ${size}` : `up, ${size}, ${offloadWords(offloads)}`);
}

function offloadWords(offloads: Offloads): string {
  const {on, unknown, virtual} = offloads;
  const parts = [
    virtual ? 'no hardware' : '',
    on.length > 0 ? `offloads on: ${on.join(', ')}` : 'offloads off',
    unknown.length > 0 ? `not told: ${unknown.join(', ')}` : '',
  ];
  const verdict = aggregates(offloads) ? 'are no anomaly' : 'are an anomaly';
  return `${parts.filter(part => part !== '').join(', ')}; packets above the MTU ${verdict}`;
}

function ring({settings, interfaces: found, available}: PacketFacts): Check {
  const all = settings.ring_megabytes * Math.max(1, found.length);
  const text = `${settings.ring_megabytes} MB an interface, ${all} MB in all, ${settings.snap_length} bytes of each packet`;
  if (all * 1_048_576 < available / 2) return ok('packet ring', text);
  const free = Math.floor(available / 1_048_576);
  return fails('packet ring', `${text}; ${free} MB of memory are free`, 'a lower ring_megabytes in [capture]');
}

function sensorUser({settings, platform, isRoot, userExists}: PacketFacts): Check {
  if (platform === 'win32') return note('sensor user', 'on Windows it cannot become another: packets are read as you');
  if (!isRoot) return ok('sensor user', 'stays who it is: only root becomes somebody else');
  if (userExists) return ok('sensor user', `becomes ${settings.user}`);
  return fails('sensor user', `there is no user ${settings.user}`, 'user = nobody in [capture]');
}
