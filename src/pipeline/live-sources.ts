import type {PacketCallbacks} from '../capture/packets/packet-callbacks.ts';
import {PacketSource} from '../capture/packets/packet-source.ts';
import type {Source} from '../capture/source.ts';
import {type SystemOptions, SystemSource} from '../capture/system/system-source.ts';
import type {Settings} from '../config/settings.ts';

/** What live sources tell beside events. */
export type LiveHooks = PacketCallbacks & Pick<SystemOptions, 'onSample' | 'onProcesses'>;

/** Everything of this machine that the settings want watched. */
export function liveSources(settings: Settings, hooks: LiveHooks): readonly Source[] {
  const wanted = (name: string) => settings.monitor.sources.includes('auto') || settings.monitor.sources.includes(name);
  const sources: Source[] = [];
  if (wanted('system') && settings.system.metrics)
    sources.push(new SystemSource({interval: settings.system.interval, ...hooks}));
  if (wanted('packets') && settings.capture.packets)
    sources.push(new PacketSource({settings: settings.capture, ...hooks}));
  return sources;
}
