import {type BackendName, chooseBackend} from '../../capture/packets/choose-backend.ts';
import {pcapInstall} from '../../capture/packets/pcap-words.ts';
import {type Check, fails, note, ok} from './check.ts';
import type {PacketFacts} from './packets.ts';

/** What a backend is, and why it cannot be used where it cannot. */
interface Found {
  readonly what: string;
  readonly missing?: string;
  readonly mend?: string;
}

/** A line for each way to capture: the one in use, and which others would work here. */
export function backendChecks(facts: PacketFacts): readonly Check[] {
  const chosen = chooseBackend(facts.settings.backend, facts.platform);
  const found: readonly (readonly [BackendName, Found])[] = [
    ['ring', ring(facts)],
    ['pcap', pcap(facts)],
    ['cap', cap(facts)],
  ];
  return found.map(([name, what]) => backend(name, what, name === chosen, facts));
}

function backend(name: BackendName, found: Found, inUse: boolean, {settings}: PacketFacts): Check {
  const check = `backend ${name}`;
  const {what, missing, mend} = found;
  if (inUse && missing === undefined) return ok(check, `in use (backend = ${settings.backend}): ${what}`);
  if (inUse) return fails(check, `asked for (backend = ${settings.backend}), but ${missing}`, mend ?? anotherBackend);
  if (missing === undefined) return note(check, `works here too: ${what}`);
  return note(check, `not in use; ${missing}${mend === undefined ? '' : `. Added with: ${mend}`}`);
}

const anotherBackend = 'backend = auto in [capture]';

function ring({platform}: PacketFacts): Found {
  if (platform !== 'linux') return {what: '', missing: `it needs Linux, and this is ${platform}`};
  return {what: "the kernel's packet ring"};
}

function pcap({pcap: library, platform, isRoot}: PacketFacts): Found {
  if ('missing' in library) {
    return {
      what: '',
      missing: `${libraryName(platform)} does not load: ${library.missing}`,
      mend: pcapInstall(platform),
    };
  }
  if (platform === 'linux' && !isRoot) return {what: '', missing: needsRoot};
  return {what: library.version};
}

function cap({hasCap, install, isRoot, platform}: PacketFacts): Found {
  if (!hasCap) return {what: '', missing: 'the optional package cap is not installed', mend: install('cap')};
  if (platform === 'linux' && !isRoot) return {what: '', missing: needsRoot};
  return {what: 'the package cap, which tells neither times nor losses and loses more'};
}

const needsRoot = 'with it only root can give its rights up again';

function libraryName(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'Npcap' : 'libpcap';
}
