import {CaptureError, type PacketBackend} from './backend.ts';
import {loadCap, openCap} from './cap.ts';
import type {Kernel} from './kernel.ts';
import {type Koffi, loadKoffi} from './koffi.ts';
import {openPcap} from './pcap.ts';
import {loadPcap} from './pcap-library.ts';
import {pcapInstall} from './pcap-words.ts';
import {openRing} from './ring.ts';
import type {LiveArguments} from './sensor-arguments.ts';

export interface OpenBackends {
  readonly backends: readonly PacketBackend[];
  /** What captures, for a person: `libpcap version 1.10.3`. */
  readonly with: string;
}

/** Opens every interface with the backend that was asked for. Throws CaptureError. */
export async function openBackends(kernel: Kernel | undefined, args: LiveArguments): Promise<OpenBackends> {
  switch (args.backend) {
    case 'ring':
      if (!kernel) throw noKoffi('the C library has not what it needs');
      return {backends: openRings(kernel, args), with: "the kernel's ring"};
    case 'pcap':
      return openPcaps(args);
    case 'cap':
      return openCaps(args);
    default:
      return args.backend satisfies never;
  }
}

export function openRings(kernel: Kernel, args: LiveArguments) {
  const {ringMegabytes: megabytes, promiscuous, snapLength, filter = ''} = args;
  return args.interfaces.map(name => {
    const inheritedFd = args.inherited?.[name];
    const inherited = inheritedFd === undefined ? undefined : {inheritedFd};
    return openRing(kernel, {interface: name, megabytes, promiscuous, snapLength, filter, ...inherited});
  });
}

async function openPcaps(args: LiveArguments): Promise<OpenBackends> {
  const koffi = await loadKoffi();
  if ('missing' in koffi) throw noKoffi(koffi.missing);
  const library = findPcap(koffi);
  const {ringMegabytes: megabytes, promiscuous, snapLength} = args;
  const backends = args.interfaces.map(name =>
    openPcap(library, {interface: name, megabytes, promiscuous, snapLength}),
  );
  return {backends, with: library.version};
}

function findPcap(koffi: Koffi) {
  const library = loadPcap(koffi);
  if (!('missing' in library)) return library;
  const what = process.platform === 'win32' ? 'Npcap' : 'libpcap';
  throw new CaptureError(
    'no-library',
    `Expected ${what}, which does not load: ${library.missing}`,
    pcapInstall(process.platform),
  );
}

function openCaps(args: LiveArguments): OpenBackends {
  if (args.capPath === undefined) throw new CaptureError('no-library', 'Expected the package cap.', 'npm install cap');
  const cap = loadCap(args.capPath);
  const {ringMegabytes: megabytes, snapLength} = args;
  const backends = args.interfaces.map(name => openCap(cap, {interface: name, megabytes, snapLength}));
  return {backends, with: 'cap: times are those of arrival, and how many packets it loses is unknown'};
}

function noKoffi(missing: string): CaptureError {
  return new CaptureError(
    'no-library',
    `Expected the optional package koffi, through which packets are captured, but it does not load: ${missing}`,
    'npm install koffi; or without packets: packets = no in [capture]',
  );
}
