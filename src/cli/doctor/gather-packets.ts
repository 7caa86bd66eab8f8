import {spawnSync} from 'node:child_process';
import {freemem, networkInterfaces} from 'node:os';
import {findCap} from '../../capture/packets/cap.ts';
import {interfaceFlags, interfaceMtu, resolveInterfaces} from '../../capture/packets/interfaces.ts';
import {loadKernel} from '../../capture/packets/kernel.ts';
import {loadKoffi} from '../../capture/packets/koffi.ts';
import {readOffloads} from '../../capture/packets/offload.ts';
import {deviceNamed, pcapDevices} from '../../capture/packets/pcap-devices.ts';
import {loadPcap} from '../../capture/packets/pcap-library.ts';
import {readText} from '../../capture/system/read-text.ts';
import {readAccounts} from '../../capture/system/watch/accounts.ts';
import type {Settings} from '../../config/settings.ts';
import {accessTo} from './files.ts';
import {effectiveCapabilities} from './gather.ts';
import {installCommand} from './packages.ts';
import type {InterfaceFound, PacketFacts} from './packets.ts';

export async function packetFacts(settings: Settings): Promise<PacketFacts> {
  const {capture, monitor} = settings;
  const isLinux = process.platform === 'linux';
  const koffi = await loadKoffi();
  const pcap = 'missing' in koffi ? {missing: 'koffi does not load'} : loadPcap(koffi);
  const isRoot = process.geteuid?.() === 0;
  const names = resolveInterfaces(capture.interfaces);
  return {
    settings: capture,
    wanted: monitor.sources.includes('auto') || monitor.sources.includes('packets'),
    platform: process.platform,
    isRoot,
    node: process.execPath,
    koffi: 'missing' in koffi ? {missing: koffi.missing} : {},
    capabilities: effectiveCapabilities(),
    interfaces: isLinux ? await byKernel(names) : byLibrary(names, pcap),
    userExists: isRoot && isLinux ? isUser(capture.user) : true,
    hasCap: findCap() !== undefined,
    pcap,
    opensBpf: accessTo('/dev/bpf0') === 'readable',
    available: availableMemory(),
    install: installCommand,
  };
}

const up = 1;

async function byKernel(names: readonly string[]): Promise<readonly InterfaceFound[]> {
  const loaded = await loadKernel();
  const kernel = 'missing' in loaded ? undefined : loaded;
  return names.map(name => ({
    name,
    mtu: interfaceMtu(name),
    isUp: ((interfaceFlags(name) ?? 0) & up) !== 0,
    offloads: kernel && readOffloads(kernel, name),
  }));
}

/** Where there is no /sys the capture library knows what there is, and nobody the MTU. */
function byLibrary(names: readonly string[], pcap: ReturnType<typeof loadPcap>): readonly InterfaceFound[] {
  const listed = 'missing' in pcap ? [] : pcapDevices(pcap);
  const devices = 'problem' in listed ? [] : listed;
  return names.map(name => {
    const device = deviceNamed(name, devices, networkInterfaces());
    const exists = device !== undefined || networkInterfaces()[name] !== undefined;
    return {name, mtu: exists ? 'unknown' : undefined, isUp: device?.up ?? exists, offloads: undefined};
  });
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
