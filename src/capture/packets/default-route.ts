import {spawnSync} from 'node:child_process';
import {isIPv4} from 'node:net';
import {type NetworkInterfaceInfo, networkInterfaces} from 'node:os';

/** What the system is asked through. */
export interface RouteProbes {
  readonly platform: NodeJS.Platform;
  /** What a program printed; '' where it failed. */
  readonly run: (program: string, words: readonly string[]) => string;
  readonly interfaces: () => NodeJS.Dict<readonly NetworkInterfaceInfo[]>;
}

const patience = 3_000;

const system: RouteProbes = {
  platform: process.platform,
  run: (program, words) =>
    spawnSync(program, words, {encoding: 'utf8', timeout: patience, windowsHide: true}).stdout ?? '',
  interfaces: networkInterfaces,
};

/** The interfaces of the default routes where there is no /proc: asked of the system's own program. */
export function askDefaultRoutes(probes: RouteProbes = system): readonly string[] {
  return probes.platform === 'win32' ? windowsRoutes(probes) : bsdRoutes(probes);
}

/** `route -n get default` prints a line `interface: en0`. */
function bsdRoutes({run}: RouteProbes): readonly string[] {
  const names = [[], ['-inet6']].map(family => {
    const said = run('/sbin/route', ['-n', 'get', ...family, 'default']);
    return /^\s*interface:\s*(\S+)/m.exec(said)?.[1] ?? '';
  });
  return [...new Set(names)].filter(name => name !== '');
}

/**
 * `route print` in any language has rows of destination, mask, gateway, own address, metric. The interface is the one
 * with that address. Where no row is understood: those that hold an address which is neither internal nor link-local.
 */
function windowsRoutes({run, interfaces}: RouteProbes): readonly string[] {
  const said = run(`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\route.exe`, ['print', '-4', '0.0.0.0']);
  const rows = said.split('\n').map(line => line.trim().split(/\s+/));
  const own = rows
    .filter(([destination, mask]) => destination === '0.0.0.0' && mask === '0.0.0.0')
    .map(columns => columns[3] ?? '')
    .filter(address => isIPv4(address));
  const all = Object.entries(interfaces());
  const holding = (wanted: (entry: NetworkInterfaceInfo) => boolean) =>
    all.filter(([, entries]) => entries?.some(wanted)).map(([name]) => name);
  const routed = holding(({address}) => own.includes(address));
  return routed.length > 0 ? routed : holding(isOutward);
}

function isOutward({address, internal}: NetworkInterfaceInfo): boolean {
  return !internal && !/^(169\.254\.|fe80:)/i.test(address);
}
