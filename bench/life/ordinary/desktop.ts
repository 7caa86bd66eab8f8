import type {Host} from '../host.ts';
import {hourOf, nowAndThen, regularly} from '../rhythm.ts';
import type {Script} from '../simulation.ts';

/** A small desktop: someone at the screen, wireless, sound, updates of flatpaks, suspend. */
export function startDesktop(host: Host): void {
  host.start(nowAndThen(host, 1.2, true, unlock));
  host.start(nowAndThen(host, 22 * host.facts.scale, true, chatter));
  host.start(nowAndThen(host, 0.8, true, wireless));
  host.start(regularly(host, 3_600, 300, software));
  host.start(nowAndThen(host, 110 * host.facts.scale, true, browse));
  host.start(nowAndThen(host, 0.35, true, plugged));
}

function* unlock(host: Host): Script {
  const person = host.facts.people[0];
  const clock = hourOf(host.now);
  if (person === undefined || clock < 6 || clock > 23.5) return;
  if (host.chance(0.12)) {
    host.log(
      'gdm-password',
      `pam_unix(gdm-password:auth): authentication failure; logname=${person.name} uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user=${person.name}`,
      host.newPid(),
    );
    yield 4;
  }
  host.log('gdm-password', `gkr-pam: unlocked login keyring`, host.newPid());
  yield 1;
  host.log(
    'gnome-shell',
    'Window manager warning: Overwriting existing binding of keysym 31 with keysym 31 (keycode a).',
  );
}

const words = [
  [
    'gnome-shell',
    'libinput error: event4  - Mouse: client bug: event processing lagging behind by NNms, your system is too slow',
  ],
  ['rtkit-daemon', 'Supervising 7 threads of 4 processes of 1 users.'],
  ['pulseaudio', 'Got POLLOUT from ALSA although nothing to write'],
  ['dbus-daemon', "[session uid=1000 pid=1901] Successfully activated service 'org.gnome.Calendar'"],
  ['tracker-miner-fs', 'Unable to get XMP sidecar file for file'],
  ['systemd-resolved', 'Using degraded feature set UDP instead of UDP+EDNS0 for DNS server 10.0.0.2.'],
  ['gnome-software', 'not handling error failed for action get-updates: No internet'],
  ['firefox', 'Sandbox: seccomp sandbox violation: pid NN, tid NN, syscall 203, args NN NN NN'],
  ['gsd-media-keys', 'Unable to get default sink'],
  ['evolution-alarm', 'Cannot open calendar: timed out'],
] as const;

function chatter(host: Host): undefined {
  // A few of them are common, the rest are rare.
  const at = Math.min(words.length - 1, Math.floor(host.random.exponential(2)));
  const [program, text] = words[at] ?? words[0];
  host.log(
    program,
    text.replace(/NN/g, () => String(host.random.between(10, 900))),
  );
}

function* wireless(host: Host): Script {
  host.log('wpa_supplicant', 'wlan0: CTRL-EVENT-BEACON-LOSS ');
  if (!host.chance(0.4)) return;
  yield 2;
  host.log('wpa_supplicant', `wlan0: CTRL-EVENT-DISCONNECTED bssid=${host.facts.mac} reason=4 locally_generated=1`);
  host.log(
    'NetworkManager',
    `<info>  [${(host.now / 1e6).toFixed(4)}] device (wlan0): supplicant interface state: completed -> disconnected`,
  );
  yield 4;
  host.log('wpa_supplicant', `wlan0: Trying to associate with SSID '${host.facts.host}'`);
  yield 1;
  host.log('wpa_supplicant', `wlan0: WPA: Key negotiation completed with ${host.facts.mac} [PTK=CCMP GTK=CCMP]`);
  host.log(
    'NetworkManager',
    `<info>  [${(host.now / 1e6).toFixed(4)}] device (wlan0): supplicant interface state: disconnected -> completed`,
  );
}

function software(host: Host): undefined {
  if (!host.chance(0.3)) return;
  host.log(
    'PackageKit',
    `refresh-cache transaction /${host.random.between(10, 900)}_${host.facts.mac.slice(-2)} from uid 1000 finished with success after ${host.random.between(900, 9_000)}ms`,
  );
}

function browse(host: Host): undefined {
  const server = `${host.random.pick([104, 142, 151, 172, 34])}.${host.random.between(16, 250)}.${host.random.between(0, 255)}.${host.random.between(1, 254)}`;
  host.flow({transport: 'udp', service: 'dns', to: host.facts.resolver, toPort: 53, out: 74, in: 190, lasts: 0.03});
  host.flow({
    service: 'https',
    to: server,
    toPort: 443,
    out: host.random.between(1_500, 90_000),
    in: host.random.between(4_000, 4e6),
    lasts: 5 + host.random.exponential(60),
  });
}

function* plugged(host: Host): Script {
  host.kernel(
    `usb 1-${host.random.between(1, 4)}: new full-speed USB device number ${host.random.between(4, 60)} using xhci_hcd`,
  );
  host.kernel('usb 1-3: New USB device found, idVendor=046d, idProduct=c52b, bcdDevice=12.11');
  yield 3_600;
  host.kernel(`usb 1-${host.random.between(1, 4)}: USB disconnect, device number ${host.random.between(4, 60)}`);
}
