import {hour, minute, second} from '../event/clock.ts';
import {errorText} from '../event/error-code.ts';
import type {Micros} from '../event/event.ts';
import type {LiveSample, Snapshot} from '../pipeline/snapshot.ts';
import {parse} from '../query/parse.ts';
import type {QueryRow} from '../query/request.ts';
import type {HistoryClient} from './history-client.ts';
import {microsOf} from './panes/when.ts';
import {remember} from './remember.ts';

export interface SampleFeedOptions {
  readonly history: HistoryClient;
  /** Samples of before are there to be shown. */
  onChange(): void;
  /** For a person: why they could not be read. */
  onError(message: string): void;
}

/** The store has the means of some seconds, by these names; what only a title shows of the newest sample is left out. */
const metrics: ReadonlyMap<string, keyof LiveSample> = new Map([
  ['cpu.total', 'cpu'],
  ['memory.used', 'memory'],
  ['swap.used', 'swap'],
  ['disk.read', 'diskRead'],
  ['disk.write', 'diskWrite'],
  ['network.received', 'networkReceived'],
  ['network.sent', 'networkSent'],
]);

const shown = parse(`event.dataset:system metric.name:${[...metrics.keys()].join(',')}`);

/** An hour, where the means of each second are stored. */
const mostRows = metrics.size * 3_600;
/** Sooner than samples leave the snapshot, which holds ten minutes of them. */
const readEvery = 5 * minute;

/**
 * The samples of the last hour: those of the snapshot, which are of this run and of ten minutes at most, after those that
 * the store has of before. A replay or a machine that is not measured has none of before.
 */
export class SampleFeed {
  readonly #options: SampleFeedOptions;
  #snapshot: Pick<Snapshot, 'mode' | 'host' | 'time' | 'samples'> | undefined;
  #stored: readonly LiveSample[] = [];
  #read: Micros | undefined;
  #loading: AbortController | undefined;
  readonly #joined = remember((stored: readonly LiveSample[], newest: readonly LiveSample[]) => {
    const from = newest[0]?.time ?? 0;
    return [...stored.filter(({time}) => time < from), ...newest];
  }, 1);

  constructor(options: SampleFeedOptions) {
    this.#options = options;
  }

  update(snapshot: Pick<Snapshot, 'mode' | 'host' | 'time' | 'samples'>): readonly LiveSample[] {
    this.#snapshot = snapshot;
    const {samples} = snapshot;
    return samples.length === 0 || this.#stored.length === 0 ? samples : this.#joined(this.#stored, samples);
  }

  /** To be called once a second: reads what was stored, after the start and again before there could be a hole. */
  refresh(): void {
    const {mode, host, time, samples = []} = this.#snapshot ?? {};
    if (mode !== 'live' || time === undefined || samples.length === 0 || this.#loading) return;
    // A clock that was set back must not stop it.
    if (this.#read !== undefined && Math.abs(time - this.#read) < readEvery) return;
    this.#read = time;
    const loading = new AbortController();
    this.#loading = loading;
    const since = time - hour - minute;
    this.#options.history
      .logs({kind: 'metrics', since, ...(shown && {where: shown}), limit: mostRows}, loading.signal)
      .then(rows => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        this.#stored = eachSecond(rows.filter(row => row['host.name'] === host));
        this.#options.onChange();
      })
      .catch((error: unknown) => {
        if (this.#loading !== loading) return;
        this.#loading = undefined;
        this.#options.onError(errorText(error));
      });
  }

  stop(): void {
    this.#loading?.abort();
    this.#loading = undefined;
  }
}

const unmeasured: Omit<LiveSample, 'time'> = {
  cpu: null,
  cores: [],
  memory: null,
  swap: null,
  load: null,
  diskRead: null,
  diskWrite: null,
  diskUsed: null,
  networkReceived: null,
  networkSent: null,
};

/** A mean is stored with the time of the last of its seconds: it stands for all since the one before. */
function eachSecond(rows: readonly QueryRow[]): readonly LiveSample[] {
  const means = new Map<Micros, LiveSample>();
  for (const row of rows) {
    const [time, field] = [microsOf(row['@timestamp']), metrics.get(String(row['metric.name']))];
    const value = row['metric.value'];
    if (time === 0 || field === undefined || typeof value !== 'number') continue;
    means.set(time, {...unmeasured, ...means.get(time), time, [field]: value});
  }
  const sorted = [...means.values()].sort((one, other) => one.time - other.time);
  const usual = usualPause(sorted);
  return sorted.flatMap((mean, index) => {
    const pause = mean.time - (sorted[index - 1]?.time ?? 0);
    const seconds = Math.max(1, Math.round((pause < 1.5 * usual ? pause : usual) / second));
    return Array.from({length: seconds}, (_, at) => ({...mean, time: mean.time - (seconds - 1 - at) * second}));
  });
}

/** The median, at most an hour. */
function usualPause(samples: readonly LiveSample[]): Micros {
  const pauses = samples.slice(1).map(({time}, index) => time - (samples[index]?.time ?? 0));
  return Math.min(hour, pauses.sort((one, other) => one - other)[pauses.length >> 1] ?? second);
}
