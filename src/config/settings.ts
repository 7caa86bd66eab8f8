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

/**
 * Every setting, by section. Each is read from text (a file or the environment) and has its default in
 * config/siem.ini, the one place that lists and explains them; a test holds the two equal.
 */
export const settingsSchema = z.strictObject({
  DEFAULT: z.strictObject({
    /** Where the learned model is kept; '' means `models/` in the data folder. */
    ModelFile: z.string(),
  }),
  monitor: z.strictObject({
    /** `auto`, or `journald`, `file:PATH` (globs allowed), `kernel`, `syslog`, `system`, `packets`, `watch`. */
    sources: list,
    /** Days and events read back on the first run. */
    backfill_days: whole(0, 365),
    backfill_events: whole(0, 100_000_000),
    /** Events the engine's queue holds at most. */
    queue: whole(1_000, 1_000_000),
    /** Snapshots a second sent to the screen. */
    snapshots: whole(1, 10),
  }),
  sources: z.strictObject({
    /** More text logs to follow, paths or globs. */
    files: list,
    journald: flag,
    kernel: flag,
    syslog: flag,
    syslog_address: z.string(),
    syslog_port: whole(0, 65_535),
    /** Longest line kept, in bytes; the rest is cut off and marked. */
    max_line: whole(256, 1_048_576),
  }),
  capture: z.strictObject({
    packets: flag,
    backend: z.enum(['auto', 'ring', 'pcap', 'cap']),
    /** `auto`: those that hold a default route. */
    interfaces: list,
    /** Megabytes of kernel ring an interface. */
    ring_megabytes: whole(1, 1024),
    promiscuous: flag,
    /** Bytes kept of each packet. */
    snap_length: whole(64, 65_535),
    /** Flows held at once; the oldest is ended when a new one comes. */
    max_flows: whole(1_000, 10_000_000),
    /** The user the sensor becomes once the capture is open. */
    user: z.string(),
  }),
  system: z.strictObject({
    metrics: flag,
    /** Seconds between stored means; samples are taken each second. */
    interval: whole(1, 3600),
  }),
  detect: z.strictObject({
    rules: flag,
    learned: flag,
    /** `auto`, `wasm`, `node`: what TensorFlow.js computes training with. */
    backend: z.enum(['auto', 'wasm', 'node']),
    /** Wanted learned alerts a day for the whole machine. */
    alerts_per_day: amount(0.01, 10_000),
    /** Failed logins of one address, user or host within ten minutes that make a burst. */
    failed_logins: whole(2, 1_000),
    /** How many times its usual rate makes a source's burst. */
    burst_factor: amount(2, 1_000),
    /** Silence is reported after this many of a source's usual gaps, and never sooner than silence_minutes. */
    silence_gaps: amount(2, 1_000),
    silence_minutes: amount(1, 10_080),
    /** Percent, and minutes above it, that count as staying high. */
    high_cpu: amount(1, 100),
    high_memory: amount(1, 100),
    high_disk: amount(1, 100),
    high_minutes: amount(0.1, 1_440),
    /** Seconds between looks at listening ports and watched files. */
    watch_seconds: whole(1, 3600),
    /** Watched for change besides authorized_keys, sudoers, units and cron. */
    watch_files: list,
    /** Train in the background when there is history and no model. */
    train: flag,
    /** Fewest events that training accepts. */
    train_events: whole(100, 100_000_000),
  }),
  alerts: z.strictObject({
    /** A group ends when nothing was added for this long. */
    quiet_minutes: amount(1, 10_080),
    /** More entities of one rule within ten minutes fold into one group. */
    fold_entities: whole(2, 100_000),
    /** More new groups within an hour become one alert storm. */
    storm_groups: whole(2, 1_000_000),
  }),
  store: z.strictObject({
    engine: z.enum(['auto', 'native', 'sql.js']),
    keep_days: whole(0, 36_500),
    max_megabytes: whole(16, 10_000_000),
    /** Size cap with sql.js, which holds all in memory. */
    sqljs_megabytes: whole(8, 2_048),
    /** `normal` survives a crash of the program, `full` also a power cut. */
    synchronous: z.enum(['normal', 'full']),
    full_text: flag,
  }),
  screen: z.strictObject({
    frames: whole(1, 30),
    /** `auto`, `always`, `never`. */
    colour: z.enum(['auto', 'always', 'never']),
    unicode: z.enum(['auto', 'always', 'never']),
    time: z.enum(['local', 'utc']),
  }),
  log: z.strictObject({
    level: z.enum(['debug', 'info', 'warning', 'error']),
    max_megabytes: whole(1, 10_000),
    files: whole(1, 100),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;
