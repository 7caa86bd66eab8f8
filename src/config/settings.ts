import {z} from 'zod';

const flag = z.stringbool({truthy: ['yes', 'true', 'on', '1'], falsy: ['no', 'false', 'off', '0']});
const whole = (low: number, high: number) => z.coerce.number().int().min(low).max(high);
const amount = (low: number, high: number) => z.coerce.number().min(low).max(high);
const list = z
  .string()
  .transform(text =>
    text
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== ''),
  )
  .pipe(z.array(z.string()));

const sourceNames = ['auto', 'journald', 'kernel', 'syslog', 'system', 'packets', 'watch', 'macos'];

/** What a source may be called, in words. */
export const sourceNameForms = `a list of ${sourceNames.join(', ')}, file:PATH, windows:CHANNEL`;

export function isSourceName(name: string): boolean {
  return sourceNames.includes(name) || /^(?:file|windows):./.test(name);
}

/**
 * Every setting, by section, each read from text (a file or the environment) with its default. config/siem.ini lists
 * and explains the same settings for the user; a test holds the two equal.
 */
export const settingsSchema = z.strictObject({
  DEFAULT: z
    .strictObject({
      /** Where the learned model is kept; '' means `models/` in the data folder. */
      ModelFile: z.string().prefault(''),
    })
    .prefault({}),
  monitor: z
    .strictObject({
      /** `auto`, or `journald`, `file:PATH` (globs allowed), `kernel`, `syslog`, `system`, `packets`, `watch`. */
      sources: list.refine(names => names.every(isSourceName), sourceNameForms).prefault('auto'),
      /** Days and events read back on the first run. */
      backfill_days: whole(0, 365).prefault('7'),
      backfill_events: whole(0, 100_000_000).prefault('1000000'),
      /** Events the engine's queue holds at most. */
      queue: whole(1_000, 1_000_000).prefault('20000'),
      /** Snapshots a second sent to the screen. */
      snapshots: whole(1, 10).prefault('4'),
    })
    .prefault({}),
  sources: z
    .strictObject({
      /** More text logs to follow, paths or globs. */
      files: list.prefault(''),
      journald: flag.prefault('yes'),
      kernel: flag.prefault('yes'),
      /** Follow what Suricata and Zeek write, where they are. */
      sensors: flag.prefault('yes'),
      syslog: flag.prefault('no'),
      syslog_address: z.string().prefault('127.0.0.1'),
      syslog_port: whole(0, 65_535).prefault('5514'),
      /** Longest line kept, in bytes; the rest is cut off and marked. */
      max_line: whole(256, 1_048_576).prefault('65536'),
    })
    .prefault({}),
  capture: z
    .strictObject({
      packets: flag.prefault('yes'),
      backend: z.enum(['auto', 'ring', 'pcap', 'cap']).prefault('auto'),
      /** `auto`: those that hold a default route. */
      interfaces: list.prefault('auto'),
      /** Megabytes of kernel ring an interface. */
      ring_megabytes: whole(1, 1024).prefault('32'),
      promiscuous: flag.prefault('no'),
      /** Bytes kept of each packet. */
      snap_length: whole(64, 65_535).prefault('2048'),
      /** Packets wanted, in tcpdump's language; '': all. Checked by who uses it: the language is not known here. */
      filter: z.string().prefault(''),
      /** Flows held at once; the oldest is ended when a new one comes. */
      max_flows: whole(1_000, 10_000_000).prefault('65536'),
      /** Megabytes of recent packets kept on disk for alerts, 0: none; and of alerts' own packets. */
      evidence_megabytes: whole(0, 100_000).prefault('64'),
      evidence_kept_megabytes: whole(0, 1_000_000).prefault('128'),
      /** The user the sensor becomes once the capture is open. */
      user: z.string().prefault('nobody'),
    })
    .prefault({}),
  network: z
    .strictObject({
      /** Unanswered ports of one host, or hosts of one port, within five minutes that make a scan. */
      scan_ports: whole(2, 65_535).prefault('15'),
      scan_hosts: whole(2, 1_000_000).prefault('25'),
      /** Packets a second towards one host that are not answered and make a flood: SYNs, UDP, ICMP. */
      flood_syn: whole(10, 100_000_000).prefault('100'),
      flood_udp: whole(10, 100_000_000).prefault('1000'),
      flood_icmp: whole(10, 100_000_000).prefault('250'),
      /** Answers a second to one host that it did not ask for. */
      reflection: whole(10, 100_000_000).prefault('100'),
      /** Addresses that one machine asks for by ARP within a minute that make a scan. */
      arp_hosts: whole(2, 65_535).prefault('50'),
      /** Clients that ask for an address within a minute that make a starvation attack. */
      dhcp_clients: whole(2, 4_096).prefault('50'),
      /** Refused logins, or short sessions of encrypted services, within five minutes that make guessing. */
      login_failures: whole(2, 1_000_000).prefault('10'),
      login_sessions: whole(2, 1_000_000).prefault('30'),
      /** Whether flows and rows of applications are watched at all. */
      watch: flag.prefault('yes'),
      /** Hours after the first sight of a network within which nothing is new; 0: nothing is ever known. */
      learning_hours: amount(0, 8_760).prefault('24'),
      /** Distinct encoded names under one domain by one client within a day. */
      tunnel_names: whole(10, 100_000).prefault('100'),
      /** Distinct generated domains that do not exist, by one client within an hour. */
      dga_names: whole(3, 1_000).prefault('20'),
      /** Contacts of a pair that are judged, and the score (0 to 1) that is told. */
      beacon_contacts: whole(4, 100_000).prefault('20'),
      beacon_score: amount(0.1, 1).prefault('0.8'),
      long_hours: amount(0.01, 8_760).prefault('8'),
      /** Megabytes within an hour, and times the usual, both. */
      exfiltration_megabytes: amount(0.001, 1_000_000_000).prefault('100'),
      exfiltration_factor: amount(1, 1_000).prefault('5'),
      /** Files of indicators, and MaxMind databases. Relative ones are in the data folder. */
      indicators: list.prefault(''),
      geoip: list.prefault(''),
      first_country: flag.prefault('no'),
    })
    .prefault({}),
  system: z
    .strictObject({
      metrics: flag.prefault('yes'),
      /** Seconds between stored means; samples are taken each second. */
      interval: whole(1, 3600).prefault('10'),
    })
    .prefault({}),
  detect: z
    .strictObject({
      rules: flag.prefault('yes'),
      learned: flag.prefault('yes'),
      /** `auto`, `wasm`, `node`: what TensorFlow.js computes training with. */
      backend: z.enum(['auto', 'wasm', 'node']).prefault('auto'),
      /** Wanted learned alerts a day for the whole machine. */
      alerts_per_day: amount(0.01, 10_000).prefault('10'),
      /** Failed logins of one address, user or host within ten minutes that make a burst. */
      failed_logins: whole(2, 1_000).prefault('5'),
      /** How many times its usual rate makes a source's burst. */
      burst_factor: amount(2, 1_000).prefault('10'),
      /** Silence is reported after this many of a source's usual gaps, and never sooner than silence_minutes. */
      silence_gaps: amount(2, 1_000).prefault('20'),
      silence_minutes: amount(1, 10_080).prefault('15'),
      /** Percent, and minutes above it, that count as staying high. */
      high_cpu: amount(1, 100).prefault('90'),
      high_memory: amount(1, 100).prefault('92'),
      high_disk: amount(1, 100).prefault('90'),
      high_minutes: amount(0.1, 1_440).prefault('5'),
      /** Seconds between looks at listening ports and watched files. */
      watch_seconds: whole(1, 3600).prefault('5'),
      /** Watched for change besides authorized_keys, sudoers, units and cron. */
      watch_files: list.prefault(''),
      /** Train in the background when there is history and no model, or the model is old. */
      train: flag.prefault('yes'),
      /** Age of a model from which it is trained again, hours; 0: never again. */
      train_every_hours: amount(0, 87_600).prefault('24'),
      /** Fewest events that training accepts. */
      train_events: whole(100, 100_000_000).prefault('5000'),
    })
    .prefault({}),
  rules: z
    .strictObject({
      /** Sigma rules: run at all, and those that ship among them. */
      sigma: flag.prefault('yes'),
      shipped: flag.prefault('yes'),
      /** More folders and files of rules besides `rules/` in the data folder. Relative ones are in the data folder. */
      folders: list.prefault(''),
      /** '': `tuning.txt` in the data folder, where there is one. */
      tuning: z.string().prefault(''),
      /** Seconds between looks at whether rules changed. */
      watch_seconds: whole(1, 86_400).prefault('5'),
    })
    .prefault({}),
  /** Values of the placeholders in rules, by name. */
  placeholders: z.record(z.string(), list).prefault({}),
  alerts: z
    .strictObject({
      /** A group ends when nothing was added for this long. */
      quiet_minutes: amount(1, 10_080).prefault('60'),
      /** More entities of one rule within ten minutes fold into one group. */
      fold_entities: whole(2, 100_000).prefault('20'),
      /** More new groups within an hour become one alert storm. */
      storm_groups: whole(2, 1_000_000).prefault('100'),
    })
    .prefault({}),
  store: z
    .strictObject({
      engine: z.enum(['auto', 'native', 'sql.js']).prefault('auto'),
      keep_days: whole(0, 36_500).prefault('30'),
      max_megabytes: whole(16, 10_000_000).prefault('2048'),
      /** Size cap with sql.js, which holds all in memory. */
      sqljs_megabytes: whole(8, 2_048).prefault('96'),
      /** `normal` survives a crash of the program, `full` also a power cut. */
      synchronous: z.enum(['normal', 'full']).prefault('normal'),
      full_text: flag.prefault('yes'),
    })
    .prefault({}),
  screen: z
    .strictObject({
      frames: whole(1, 30).prefault('10'),
      /** `auto`, `always`, `never`. */
      colour: z.enum(['auto', 'always', 'never']).prefault('auto'),
      unicode: z.enum(['auto', 'always', 'never']).prefault('auto'),
      time: z.enum(['local', 'utc']).prefault('local'),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warning', 'error']).prefault('info'),
      max_megabytes: whole(1, 10_000).prefault('10'),
      files: whole(1, 100).prefault('5'),
    })
    .prefault({}),
});

export type Settings = z.infer<typeof settingsSchema>;
