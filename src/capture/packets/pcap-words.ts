import {CaptureError} from './backend.ts';
import type {PcapLibrary} from './pcap-library.ts';

const without = 'or without packets: packets = no in [capture]';

/** What to type so that libpcap is there. */
export function pcapInstall(platform: NodeJS.Platform): string {
  if (platform === 'win32') return `install Npcap from https://npcap.com (it may not be shipped with siem); ${without}`;
  if (platform === 'darwin') return `macOS brings it: look at /usr/lib/libpcap.dylib; ${without}`;
  const packages = 'apt install libpcap0.8, dnf install libpcap, apk add libpcap';
  return `install libpcap (${packages}); or backend = ring in [capture]; ${without}`;
}

/** What to type so that libpcap may capture. */
export function pcapGrant(platform: NodeJS.Platform): string {
  if (platform === 'win32') return `start the terminal as administrator; ${without}`;
  if (platform === 'linux') {
    return `run siem as root: sudo siem monitor; or backend = ring in [capture], for which CAP_NET_RAW is enough; ${without}`;
  }
  return `run siem as root: sudo siem monitor; or let your group read /dev/bpf* (Wireshark's ChmodBPF does that); ${without}`;
}

/** The error numbers of pcap_activate that a user can do something about. */
const codes: Readonly<Record<number, CaptureError['code']>> = {
  [-5]: 'no-interface',
  [-8]: 'no-permission',
  [-9]: 'interface-down',
  [-11]: 'no-permission',
};

/** Why a capture did not open: `status` as pcap_activate gave it, `said` the library's words. */
export function pcapRefused(
  {platform, version}: Pick<PcapLibrary, 'platform' | 'version'>,
  name: string,
  status: number,
  said: string,
): CaptureError {
  const code = codes[status] ?? 'capture-refused';
  const words = said === '' ? `error ${status}` : said;
  switch (code) {
    case 'no-permission':
      return new CaptureError(
        code,
        `Expected the right to capture on ${name}, but libpcap says: ${words}.`,
        pcapGrant(platform),
      );
    case 'no-interface':
      return noDevice(name, platform);
    case 'interface-down':
      return new CaptureError(code, `${name} is down`, upCommand(name, platform));
    default:
      return new CaptureError(
        code,
        `Expected ${version} to capture on ${name}, but it says: ${words}.`,
        `another interface or backend in [capture]; ${without}`,
      );
  }
}

export function noDevice(name: string, platform: NodeJS.Platform): CaptureError {
  return new CaptureError(
    'no-interface',
    `Expected a network interface called ${name}, found none.`,
    `${listCommand(platform)} lists the interfaces; name one under interfaces in [capture], or leave it at auto`,
  );
}

export function upCommand(name: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return `netsh interface set interface "${name}" enable`;
  return platform === 'linux' ? `ip link set ${name} up` : `sudo ifconfig ${name} up`;
}

export function listCommand(platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'netsh interface show interface';
  return platform === 'linux' ? 'ip link' : 'ifconfig';
}

export function routeCommand(platform: NodeJS.Platform): string {
  return platform === 'linux' ? 'ip route' : platform === 'win32' ? 'route print' : 'netstat -rn';
}
