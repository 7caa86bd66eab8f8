import {spawnSync} from 'node:child_process';
import {freemem} from 'node:os';
import {interfaceFlags, interfaceMtu, resolveInterfaces} from '../../capture/packets/interfaces.ts';
import {type Kernel, loadKernel} from '../../capture/packets/kernel.ts';
import {aggregates} from '../../capture/packets/offload.ts';
import {readText} from '../../capture/system/read-text.ts';
import {readAccounts} from '../../capture/system/watch/accounts.ts';
import type {Settings} from '../../config/settings.ts';
import {effectiveCapabilities} from './gather.ts';
import {entryOf, installCommand} from './packages.ts';
import type {InterfaceFound, PacketFacts} from './packets.ts';

export async function packetFacts(settings: Settings): Promise<PacketFacts> {
  const {capture, monitor} = settings;
  const isLinux = process.platform === 'linux';
  const loaded = isLinux ? await loadKernel() : {missing: 'this is not Linux'};
  const kernel = 'missing' in loaded ? undefined : loaded;
  const isRoot = process.geteuid?.() === 0;
  return {
    settings: capture,
    wanted: monitor.sources.includes('auto') || monitor.sources.includes('packets'),
    platform: process.platform,
    isRoot,
    node: process.execPath,
    koffi: 'missing' in loaded ? {missing: loaded.missing} : {},
    capabilities: effectiveCapabilities(),
    interfaces: isLinux ? resolveInterfaces(capture.interfaces).map(name => interfaceFound(name, kernel)) : [],
    userExists: isRoot && isLinux ? isUser(capture.user) : true,
    hasCap: entryOf('cap') !== undefined,
    available: availableMemory(),
    install: installCommand,
  };
}

const up = 1;

function interfaceFound(name: string, kernel: Kernel | undefined): InterfaceFound {
  return {
    name,
    mtu: interfaceMtu(name),
    isUp: ((interfaceFlags(name) ?? 0) & up) !== 0,
    aggregates: kernel && aggregates(kernel, name),
  };
}

/** Users may come from elsewhere than the file: then the system is asked, and not for long. */
function isUser(name: string): boolean {
  if (readAccounts('/').some(account => account.name === name)) return true;
  const options = {timeout: 500, killSignal: 'SIGKILL', stdio: 'ignore'} as const;
  return spawnSync('getent', ['passwd', name], options).status === 0;
}

function availableMemory(): number {
  const kilobytes = /^MemAvailable:\s*(\d+)/m.exec(readText('/proc/meminfo') ?? '')?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
