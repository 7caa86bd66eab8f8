import {existsSync, readFileSync} from 'node:fs';
import {networkInterfaces} from 'node:os';
import {CaptureError} from './backend.ts';
import {askDefaultRoutes} from './default-route.ts';
import {listCommand} from './pcap-words.ts';

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
  const v4 = routeRows(route4)
    .filter(
      ([, destination, , flags, , , , mask]) =>
        destination === '00000000' && mask === '00000000' && isUsableRoute(flags),
    )
    .map(([name]) => name ?? '');
  const v6 = routeRows(route6)
    .filter(
      ([destination, prefix, , , , , , , flags]) =>
        /^0+$/.test(destination ?? '') && prefix === '00' && isUsableRoute(flags),
    )
    .map(columns => columns[9] ?? '');
  return [...new Set([...v4, ...v6])].filter(name => name !== '' && name !== 'lo');
}

export function interfaceNumber(name: string): number | undefined {
  return readNumber(name, 'ifindex');
}

/** ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none. */
export function interfaceType(name: string): number | undefined {
  return readNumber(name, 'type');
}

/** `lo` of Linux; elsewhere an interface whose addresses are all internal. */
export function isLoopback(name: string): boolean {
  const type = interfaceType(name);
  if (type !== undefined) return type === 772;
  const addresses = networkInterfaces()[name] ?? [];
  return addresses.length > 0 && addresses.every(({internal}) => internal);
}

export function interfaceFlags(name: string): number | undefined {
  return readNumber(name, 'flags');
}

export function interfaceMtu(name: string): number | undefined {
  return readNumber(name, 'mtu');
}

/** The hardware address, undefined where there is none or no /sys. */
export function interfaceAddress(name: string): string | undefined {
  const text = readText(`${sys}/${name}/address`).trim();
  return text === '' ? undefined : text;
}

/** lo, veth, tun, bridge and the like: no hardware behind it, so nothing is cut to the MTU on the way. */
export function isVirtual(name: string): boolean {
  return !existsSync(`${sys}/${name}/device`);
}

/** Every IP and MAC address of this machine. */
export function ownAddresses(): {readonly ip: readonly string[]; readonly mac: readonly string[]} {
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? []);
  return {ip: all.map(entry => entry.address), mac: all.map(entry => entry.mac)};
}

function defaultRoutes(): readonly string[] {
  if (process.platform !== 'linux') return askDefaultRoutes();
  return defaultRouteInterfaces(readText('/proc/net/route'), readText('/proc/net/ipv6_route'));
}

export function routeRows(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(columns => columns.length >= 8);
}

export function isUsableRoute(flags: string | undefined): boolean {
  const bits = Number.parseInt(flags ?? '', 16);
  return (bits & routeUp) !== 0 && (bits & routeReject) === 0;
}

/** On Windows a name may have spaces and a backslash; elsewhere it becomes part of a path. */
function isName(name: string): boolean {
  if (process.platform === 'win32') return /^[^\p{Cc}/]{1,64}$/u.test(name);
  return /^[^\s/]{1,64}$/.test(name) && name !== '.' && name !== '..';
}

function badName(name: string): CaptureError {
  return new CaptureError(
    'no-interface',
    `Expected the name of a network interface, got ${JSON.stringify(name)}.`,
    `${listCommand(process.platform)} lists the interfaces; name one under interfaces in [capture], or leave it at auto`,
  );
}

function readNumber(name: string, what: string): number | undefined {
  const text = readText(`${sys}/${name}/${what}`).trim();
  return text === '' ? undefined : Number(text);
}

/** '' where there is no such file: an interface may go at any time. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
