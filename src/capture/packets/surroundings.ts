import {type NetworkInterfaceInfo, networkInterfaces} from 'node:os';
import type {ConnectedNetwork, Gateway} from '../../detect/network/interface-facts.ts';
import {ipv6Text, parseAddress} from './decode/address.ts';
import {isUsableRoute, readText, routeRows} from './interfaces.ts';

/** What lies around an interface, as the network detectors want it. On other systems than Linux no gateway is known. */
export function surroundings(name: string): {gateways: readonly Gateway[]; elsewhere: readonly ConnectedNetwork[]} {
  const all = Object.fromEntries(Object.entries(networkInterfaces()).map(([on, list]) => [on, list ?? []]));
  const route4 = readText('/proc/net/route');
  const route6 = readText('/proc/net/ipv6_route');
  const arp = readText('/proc/net/arp');
  return {gateways: gatewaysOf(name, route4, route6, arp), elsewhere: networksElsewhere(name, all)};
}

/**
 * The routers of an interface's default routes, from the text of /proc/net/route, /proc/net/ipv6_route and /proc/net/arp.
 * A MAC is '' where the kernel knows none, as always of IPv6.
 */
export function gatewaysOf(name: string, route4: string, route6: string, arp: string): readonly Gateway[] {
  const v4 = routeRows(route4)
    .filter(([on, destination, , flags]) => on === name && destination === '00000000' && isUsableRoute(flags))
    .map(([, , gateway = '']) => littleEndianText(gateway))
    .filter(ip => ip !== '0.0.0.0');
  const v6 = routeRows(route6)
    .filter(columns => columns[9] === name && columns[1] === '00' && isUsableRoute(columns[8]))
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
