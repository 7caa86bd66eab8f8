import {discoverLogs} from '../capture/logs/discover.ts';
import type {PacketCallbacks} from '../capture/packets/packet-callbacks.ts';
import {PacketSource} from '../capture/packets/packet-source.ts';
import type {Source} from '../capture/source.ts';
import {type SystemOptions, SystemSource} from '../capture/system/system-source.ts';
import {FileWatch} from '../capture/system/watch/files.ts';
import {PortWatch} from '../capture/system/watch/ports.ts';
import type {Settings} from '../config/settings.ts';

/** What live sources tell beside events. */
export type LiveHooks = PacketCallbacks & Pick<SystemOptions, 'onSample' | 'onProcesses'>;

/** Everything of this machine that the settings want watched. `ring`: where recent packets are kept for alerts. */
export async function liveSources(settings: Settings, ring: string, hooks: LiveHooks): Promise<readonly Source[]> {
  const wanted = (name: string) => settings.monitor.sources.includes('auto') || settings.monitor.sources.includes(name);
  const sources: Source[] = [...(await discoverLogs(settings))];
  if (wanted('system') && settings.system.metrics)
    sources.push(new SystemSource({interval: settings.system.interval, ...hooks}));
  if (wanted('packets') && settings.capture.packets) sources.push(new PacketSource({settings, ring, ...hooks}));
  if (wanted('watch')) {
    const {watch_seconds: seconds, watch_files: files} = settings.detect;
    sources.push(new PortWatch({seconds}), new FileWatch({seconds, files}));
  }
  return sources;
}
