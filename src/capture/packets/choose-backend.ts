import type {Settings} from '../../config/settings.ts';

/** A way to get packets that exists. */
export type BackendName = 'ring' | 'pcap' | 'cap';

/** `auto`: the kernel's ring where there is one, libpcap elsewhere. */
export function chooseBackend(setting: Settings['capture']['backend'], platform = process.platform): BackendName {
  if (setting !== 'auto') return setting;
  return platform === 'linux' ? 'ring' : 'pcap';
}
