import {execFileSync} from 'node:child_process';
import {availableParallelism} from 'node:os';
import {hour, second} from '../../event/clock.ts';
import type {MetricEvent} from '../../event/event.ts';
import type {SourceBatch} from '../source.ts';
import {LinuxSampler} from './linux-sampler.ts';
import type {LiveSample} from './sample.ts';
import type {Sample, Sampler} from './sampler.ts';
import {SystemSource} from './system-source.ts';
import {harness} from './test-context.test-helper.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const unmeasured = {memory: null, swap: null, load: null, diskRead: null, diskWrite: null, diskUsed: null};
const live: Sample['live'] = {...unmeasured, cpu: 1, cores: [], networkReceived: null, networkSent: null};

/** Says 1, 2, 3 … percent, second by second. */
function counting(): Sampler {
  let samples = 0;
  return {
    missing: ['disk'],
    sample: async () => ({live, measurements: [{name: 'cpu.total', value: ++samples, unit: 'percent'}]}),
    processes: async () => [{pid: 1, name: 'init', cpu: 0, memory: 0}],
  };
}

const metrics = (batches: readonly SourceBatch[]) => batches.flatMap(batch => batch.events) as MetricEvent[];

test('each interval of the wall clock gives one mean and one maximum, with rising positions', async () => {
  const run = harness(start, 25);
  await new SystemSource({interval: 10, sampler: counting(), ...run}).start(run.emit, run.signal, run.context());
  expect(metrics(run.batches)).toMatchObject([
    {name: 'cpu.total', value: 5.5, max: 10, unit: 'percent', position: 0, time: start + 9 * second},
    {value: 15.5, max: 20, position: 1, time: start + 19 * second},
  ]);
  expect(run.batches.at(-1)?.position).toEqual({time: start + 19 * second});
});

test('each second is shown at once, and processes after two seconds and then each ten', async () => {
  const samples: LiveSample[] = [];
  const listed: number[] = [];
  const run = harness(start, 25);
  const onSample = (sample: LiveSample) => samples.push(sample);
  const onProcesses = () => listed.push((run.time - start) / second);
  const source = new SystemSource({interval: 10, sampler: counting(), onSample, onProcesses, ...run});
  await source.start(run.emit, run.signal, run.context());
  expect(samples.map(sample => (sample.time - start) / second)).toEqual(Array.from({length: 25}, (_, i) => i));
  expect(listed).toEqual([0, 2, 12, 22]);
  expect(run.news).toEqual([
    {state: 'running', detail: 'processor, memory, disks and network each second; not readable here: disk'},
  ]);
});

test('the time the program was down is a gap', async () => {
  const run = harness(start, 2);
  const source = new SystemSource({interval: 10, sampler: counting(), ...run});
  await source.start(run.emit, run.signal, run.context({time: start - hour}));
  expect(run.batches[0]).toEqual({
    events: [],
    position: {time: start},
    gap: {from: start - hour, to: start, reason: 'not running'},
  });
});

test('the time the machine slept is a gap; a clock set back begins a new interval', async () => {
  const run = harness(start, 25, (count, at) => {
    if (count === 5) at.time += hour;
    if (count === 15) at.time -= 2 * hour;
  });
  await new SystemSource({interval: 10, sampler: counting(), ...run}).start(run.emit, run.signal, run.context());
  const gaps = run.batches.flatMap(batch => batch.gap ?? []);
  expect(gaps).toEqual([
    {from: start + 4 * second, to: start + hour + 5 * second, reason: 'asleep, or the clock was set'},
  ]);
  const positions = metrics(run.batches).map(metric => metric.position);
  expect(positions).toEqual(positions.map((_, i) => i));
  expect(metrics(run.batches).some(metric => metric.time < start)).toBe(true);
});

test('while the queue is full intervals are dropped and counted, and a gap waits', async () => {
  const run = harness(start, 35, (count, at) => {
    at.hasRoom = count > 25;
  });
  run.hasRoom = false;
  const source = new SystemSource({interval: 10, sampler: counting(), ...run});
  await source.start(run.emit, run.signal, run.context({time: start - hour}));
  expect(run.batches).toMatchObject([{dropped: {'queue full': 2}, gap: {from: start - hour, to: start}}]);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a real Linux machine measures as nproc, free and df say', async () => {
  const sampler = new LinuxSampler();
  await sampler.sample(0);
  await sampler.mountsMeasured();
  await new Promise(resolve => setTimeout(resolve, 50));
  const {live: now, measurements} = await sampler.sample(0.05);
  const value = (name: string) => measurements.find(found => found.name === name)?.value;
  expect(now.cores.length).toBeGreaterThanOrEqual(1);
  expect(now.cores.length).toBeGreaterThanOrEqual(availableParallelism() - 1);
  const [, total = 0, , , , , available = 0] = (run('free', '-b').split('\n')[1] ?? '').split(/\s+/).map(Number);
  expect(value('memory.used.bytes')).toBeGreaterThan((total - available) * 0.5);
  expect(value('memory.used.bytes')).toBeLessThan((total - available) * 1.5 + 2 ** 28);
  const df = Number.parseFloat(run('df', '-P', '/').split('\n')[1]?.split(/\s+/)[4] ?? '');
  expect(Math.abs((value('disk./.used') ?? -100) - df)).toBeLessThan(3);
  expect(measurements.every(found => Number.isFinite(found.value) && found.value >= 0)).toBe(true);
});

onLinux(
  'this very process is among those listed by memory or not at all, with a name and shares that make sense',
  async () => {
    const rows = await new LinuxSampler().processes(0);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(20);
    for (const row of rows) {
      expect(row.name).not.toBe('');
      expect(row.memory).toBeGreaterThanOrEqual(0);
      expect(row.memory).toBeLessThanOrEqual(100);
    }
  },
);

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, {encoding: 'utf8'});
}
