import type {MetricStream, MetricStreamSnapshot} from './metric-stream.ts';
import type {SeriesModelSnapshot} from './series-model.ts';

/** What like streams learned somewhere, by the kind of name; shipped, and given to `seed`. */
export interface MetricBaseline {
  readonly version: 1;
  readonly streams: Readonly<Record<string, SeriesModelSnapshot>>;
}

/** Fewer points than this have no shape worth passing on. */
const leastPoints = 600;
const blankMean = [0, 0, []] as const;

/** For each kind of name the stream that has learned most. */
export function baselineOf(streams: Iterable<readonly [name: string, stream: MetricStream]>): MetricBaseline {
  const best = new Map<string, MetricStreamSnapshot>();
  for (const [name, stream] of streams) {
    const kind = kindOfName(name);
    if (stream.size < Math.max(leastPoints, best.get(kind)?.points ?? 0)) continue;
    best.set(kind, stream.snapshot());
  }
  return {version: 1, streams: Object.fromEntries([...best].map(([kind, {model}]) => [kind, passedOn(model)]))};
}

/** Without what `seed` lets go anyway: the newest values, and how rare which surprise was. */
function passedOn(model: SeriesModelSnapshot): SeriesModelSnapshot {
  const levels = (one: SeriesModelSnapshot['unrest']): SeriesModelSnapshot['unrest'] => ({
    ...one,
    past: [],
    waiting: [],
    blocks: [],
  });
  return {
    last: null,
    means: model.means.map(() => blankMean),
    scales: model.scales.map(levels),
    changes: blankMean,
    unrest: levels(model.unrest),
    fixed: model.fixed.map(levels),
    rank: '',
  };
}

/** `cpu.core.3` and `cpu.core.0` are of one kind, and so are all interfaces and all file systems. */
export function kindOfName(name: string): string {
  const parts = name.split('.');
  if (parts.length < 3) return name;
  return [parts[0], '*', ...(parts[1] === 'core' ? [] : parts.slice(-1))].join('.');
}

export function isBaseline(value: unknown): value is MetricBaseline {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1 && 'streams' in value;
}
