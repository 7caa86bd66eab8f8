import {existsSync, readFileSync} from 'node:fs';
import {type NetworkInterfaceInfo, networkInterfaces} from 'node:os';
import type {ConnectedNetwork, Gateway} from '../../detect/network/interface-facts.ts';
import {CaptureError} from './backend.ts';
import {ipv6Text, parseAddress} from './decode/address.ts';

const sys = '/sys/class/net';
const routeUp = 1;
const routeReject = 0x200;

/**
 * The interfaces to capture on: those named, or with `auto` those that hold a default route. Empty where there is no
 * default route (yet). Throws CaptureError on a name that cannot be one.
 */
export function resolveInterfaces(wanted: readonly string[]): readonly string[] {
  const names = wanted.length === 0 || wanted.includes('auto') ? [...defaultRoutes(), ...wanted] : wanted;
  const unique = [...new Set(names)].filter(name => name !== 'auto');
  for (const name of unique) if (!isName(name)) throw badName(name);
  return unique;
}

/** The interfaces of the default routes in the text of /proc/net/route and /proc/net/ipv6_route. */
export function defaultRouteInterfaces(route4: string, route6: string): readonly string[] {
  const v4 = rows(route4)
    .filter(
      ([, destination, , flags, , , , mask]) => destination === '00000000' && mask === '00000000' && usable(flags),
    )
    .map(([name]) => name ?? '');
  const v6 = rows(route6)
    .filter(
      ([destination, prefix, , , , , , , flags]) => /^0+$/.test(destination ?? '') && prefix === '00' && usable(flags),
    )
    .map(columns => columns[9] ?? '');
  return [...new Set([...v4, ...v6])].filter(name => name !== '' && name !== 'lo');
}

/**
 * The routers of an interface's default routes, from the text of /proc/net/route, /proc/net/ipv6_route and /proc/net/arp.
 * A MAC is '' where the kernel knows none, as always of IPv6.
 */
export function gatewaysOf(name: string, route4: string, route6: string, arp: string): readonly Gateway[] {
  const v4 = rows(route4)
    .filter(([on, destination, , flags]) => on === name && destination === '00000000' && usable(flags))
    .map(([, , gateway = '']) => littleEndianText(gateway))
    .filter(ip => ip !== '0.0.0.0');
  const v6 = rows(route6)
    .filter(columns => columns[9] === name && columns[1] === '00' && usable(columns[8]))
    .map(columns => (columns[4] ?? '').match(/.{4}/g)?.map(group => Number.parseInt(group, 16)) ?? [])
    .filter(groups => groups.length === 8 && groups.some(group => group !== 0))
    .map(groups => ipv6Text(...wordsOf(groups)));
  const macs = new Map(
    arp
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .map(([ip = '', , , mac = '', , on]) => [`${on} ${ip}`, mac]),
  );
  const known = (ip: string) => macs.get(`${name} ${ip}`) ?? '';
  return [...new Set([...v4, ...v6])].map(ip => ({ip, mac: known(ip) === '00:00:00:00:00:00' ? '' : known(ip)}));
}

/** The same, as things are now. */
export function gateways(name: string): readonly Gateway[] {
  return gatewaysOf(name, readText('/proc/net/route'), readText('/proc/net/ipv6_route'), readText('/proc/net/arp'));
}

/** IPv4 networks that this machine is part of by other interfaces than this one, and not by this one too. */
export function networksElsewhere(
  name: string,
  all: Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'family' | 'address' | 'netmask' | 'internal'>[]>>,
): readonly ConnectedNetwork[] {
  const networks = Object.entries(all).flatMap(([on, entries]) =>
    entries
      .filter(({family, internal, netmask}) => family === 'IPv4' && !internal && netmask !== '255.255.255.255')
      .map(({address, netmask}) => {
        const mask = parseAddress(netmask)?.words[3] ?? 0;
        return {interface: on, network: (parseAddress(address)?.words[3] ?? 0) & mask, mask};
      }),
  );
  const here = networks.filter(network => network.interface === name);
  // A bridge's port has no address, and carries every network of the bridge.
  if (here.length === 0) return [];
  const overlaps = (a: ConnectedNetwork, b: ConnectedNetwork) => ((a.network ^ b.network) & a.mask & b.mask) === 0;
  return networks.filter(network => network.interface !== name && !here.some(one => overlaps(one, network)));
}

export function interfaceNumber(name: string): number | undefined {
  return readNumber(name, 'ifindex');
}

/** ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none. */
export function interfaceType(name: string): number | undefined {
  return readNumber(name, 'type');
}

export function interfaceFlags(name: string): number | undefined {
  return readNumber(name, 'flags');
}

export function interfaceMtu(name: string): number | undefined {
  return readNumber(name, 'mtu');
}

/** lo, veth, tun, bridge and the like: no hardware behind it, so nothing is cut to the MTU on the way. */
export function isVirtual(name: string): boolean {
  return !existsSync(`${sys}/${name}/device`);
}

/** This machine's interfaces with their addresses. */
export function definedInterfaces(): Readonly<Record<string, readonly NetworkInterfaceInfo[]>> {
  return Object.fromEntries(Object.entries(networkInterfaces()).map(([name, list]) => [name, list ?? []]));
}

/** Every IP and MAC address of this machine. */
export function ownAddresses(): {readonly ip: readonly string[]; readonly mac: readonly string[]} {
  const all = Object.values(definedInterfaces()).flat();
  return {ip: all.map(entry => entry.address), mac: all.map(entry => entry.mac)};
}

function defaultRoutes(): readonly string[] {
  return defaultRouteInterfaces(readText('/proc/net/route'), readText('/proc/net/ipv6_route'));
}

function rows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns.length >= 8);
}

function usable(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & routeUp) !== 0 && (bits & routeReject) === 0;
}

/** `0101A8C0` is 192.168.1.1. */
function littleEndianText(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map(byte => Number.parseInt(byte, 16))
    .join('.');
}

function wordsOf(groups: readonly number[]): [number, number, number, number] {
  const word = (at: number) => ((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

function isName(name: string): boolean {
  return /^[^\s/]{1,64}$/.test(name) && name !== '.' && name !== '..';
}

function badName(name: string): CaptureError {
  return new CaptureError(
    'no-interface',
    `Expected the name of a network interface, got ${JSON.stringify(name)}.`,
    'ip link lists the interfaces; name one under interfaces in [capture], or leave it at auto',
  );
}

function readNumber(name: string, what: string): number | undefined {
  const text = readText(`${sys}/${name}/${what}`).trim();
  return text === '' ? undefined : Number(text);
}

/** '' where there is no such file: an interface may go at any time. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
