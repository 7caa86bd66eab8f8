import {setTimeout as pause} from 'node:timers/promises';
import {type Emit, type Source, type SourceBatch, type SourceContext, SourceError} from '../capture/source.ts';
import type {AppLog} from '../config/app-log.ts';
import {type Settings, settingsSchema} from '../config/settings.ts';
import type {Detector} from '../detect/detector.ts';
import type {Alert, LogEvent, Origin} from '../event/event.ts';
import {type StoreBatch, StoreError, type WriteResult} from '../store/sink.ts';
import {AlertDesk} from './alert-desk.ts';
import {Engine} from './engine.ts';
import type {EngineStore} from './engine-store.ts';
import {isBalanced} from './ledger.ts';
import {mergeSnapshot, type Snapshot} from './snapshot.ts';

const origin: Origin = {agent: 'a', host: 'h', source: 'test', epoch: 'e', dataset: 'test'};
const silent: AppLog = {debug: () => {}, info: () => {}, warning: () => {}, error: () => {}};
const clock = () => 1_700_000_000_000_000;

function log(position: number, message = `entry ${position}`): LogEvent {
  return {kind: 'log', origin, position, time: clock(), ingested: clock(), level: 6, code: 0, provider: 'p', message};
}

/** Remembers what was written; an identity it has seen is a duplicate, as in the real store. */
class MemoryStore implements EngineStore {
  readonly batches: StoreBatch[] = [];
  readonly known = new Map<string, number>();
  full = 0;
  stored = new Map<string, Record<string, unknown>>();

  write(batch: StoreBatch): WriteResult {
    if (this.full > 0) {
      this.full--;
      throw new StoreError('full', 'no space is left on the disk');
    }
    this.batches.push(batch);
    for (const {source, position} of batch.positions) this.stored.set(source, position);
    const sequences = batch.events.map(event => {
      const key = `${event.origin.source} ${event.position}`;
      if (this.known.has(key)) return 0;
      this.known.set(key, this.known.size + 1);
      return this.known.size;
    });
    const stored = sequences.filter(sequence => sequence > 0).length;
    return {stored, duplicate: sequences.length - stored, sequences};
  }
  positions = () => this.stored;
  states = () => new Map<string, unknown>();
  loadAlerts = () => [];
  alertTotals = () => ({open: 0, acknowledged: 0, closed: 0, findings: 0});
  tallies = () => [];
  stats = () => ({engine: 'memory', path: '', bytes: 0, logs: 0});
  retentionStep = () => ({deleted: 0, done: true});
  recover = async () => {};
  takeNotices = () => [];
  close = () => {};
}

class ListSource implements Source {
  readonly id: string;
  readonly starts: SourceContext['position'][] = [];
  private readonly run: (emit: Emit, context: SourceContext, attempt: number, signal: AbortSignal) => Promise<void>;

  constructor(id: string, run: ListSource['run']) {
    this.id = id;
    this.run = run;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    this.starts.push(context.position);
    await this.run(emit, context, this.starts.length, signal);
  }
}

function build(
  store: EngineStore,
  detectors: readonly Detector[] = [],
  change: (settings: Settings) => void = () => {},
) {
  const settings = settingsSchema.parse({});
  change(settings);
  let latest: Snapshot | undefined;
  const engine = new Engine({
    settings,
    identity: {agent: 'a', host: 'h'},
    mode: 'live',
    clock,
    store,
    desk: new AlertDesk({settings, clock, log: silent, stored: () => undefined}),
    detectors,
    log: silent,
    ready: () => true,
    publish: update => {
      latest = mergeSnapshot(latest, update);
    },
    model: () => ({state: 'off', progress: 0, detail: '', trained: 0, stepMicros: 0, scored: 0, skipped: 0}),
    setBusy: () => {},
  });
  engine.start();
  return {engine, latest: () => latest};
}

const rule = {id: 'test.rule', name: 'Test', level: 'high', category: 'System Log', techniques: []} as const;

function findingFor(event: LogEvent): Alert {
  return {rule, time: event.time, host: 'h', entity: 'x', reason: 'because', count: 1, event};
}

test('everything a source hands over is stored, duplicates and drops are counted, and the account is exact', async () => {
  const store = new MemoryStore();
  const {engine} = build(store, [], settings => {
    settings.monitor.queue = 1_000;
  });
  await engine.run(
    new ListSource('test', async emit => {
      for (let start = 0; start < 20_000; start += 500) {
        const batch: SourceBatch = {
          events: Array.from({length: 500}, (_, index) => log(start + index)),
          position: {offset: start + 500},
          ...(start === 0 ? {dropped: {'too-long': 3}, filtered: {old: 2}} : {}),
        };
        await emit(batch);
      }
      await emit({events: [log(0), log(20_000)]});
    }),
  );
  const {total, sources} = engine.snapshot();
  expect(total).toEqual({
    received: 20_007,
    stored: 20_001,
    duplicate: 1,
    filtered: 2,
    dropped: {'too-long': 3},
    inFlight: 0,
  });
  expect(sources.every(isBalanced)).toBe(true);
  expect(store.positions().get('test')).toEqual({offset: 20_000});
  await engine.stop();
});

test('what is seen on the wire does not push what programs log out of the newest rows', async () => {
  const {engine} = build(new MemoryStore());
  const asked = (position: number) => ({...log(position, `name ${position}`), origin: {...origin, dataset: 'dns'}});
  await engine.run(
    new ListSource('test', async emit => {
      await emit({events: [log(1), ...Array.from({length: 900}, (_, index) => asked(index + 2)), log(1_000)]});
      await emit({events: Array.from({length: 900}, (_, index) => asked(index + 2_000))});
    }),
  );
  const {logs, applications} = engine.snapshot();
  expect(logs.map(row => row.message)).toEqual(['entry 1', 'entry 1000']);
  expect(applications.map(row => row.message)).toEqual(
    Array.from({length: 300}, (_, index) => `name ${index + 2_600}`),
  );
  await engine.stop();
});

test('a source is held back while the queue is full', async () => {
  const store = new MemoryStore();
  store.full = 1_000_000;
  const {engine} = build(store, [], settings => {
    settings.monitor.queue = 1_000;
  });
  let handed = 0;
  void engine.run(
    new ListSource('test', async (emit, _context, _attempt, signal) => {
      while (!signal.aborted) {
        await emit({events: Array.from({length: 100}, (_, index) => log(handed * 100 + index))});
        handed++;
      }
    }),
  );
  await pause(300);
  const {queue, store: view, total} = engine.snapshot();
  expect(queue.length).toBeLessThanOrEqual(1_100);
  expect(handed).toBeLessThan(40);
  expect(view.state).toBe('full');
  expect(isBalanced(total)).toBe(true);
  await engine.stop();
});

test('a full disk loses nothing: the batch is written when there is room again', async () => {
  const store = new MemoryStore();
  store.full = 1;
  const {engine} = build(store);
  await engine.run(new ListSource('test', emit => emit({events: [log(1), log(2)]})));
  expect(store.known.size).toBe(2);
  expect(engine.snapshot().store.state).toBe('ok');
  await engine.stop();
});

test('a source that fails is started again from its stored position and never stops another', async () => {
  const store = new MemoryStore();
  const {engine} = build(store);
  const failing = new ListSource('failing', async (emit, _context, attempt) => {
    await emit({events: [log(attempt)], position: {attempt}});
    if (attempt === 1) throw new SourceError('permission denied', 'sudo siem monitor');
  });
  const first = engine.run(failing);
  await engine.run(new ListSource('other', emit => emit({events: [log(100)]})));
  const failed = engine.snapshot().sources.find(source => source.id === 'failing');
  expect(failed).toMatchObject({state: 'failed', detail: 'permission denied', mend: 'sudo siem monitor'});
  await first;
  expect(failing.starts).toEqual([undefined, {attempt: 1}]);
  expect(store.known.size).toBe(3);
  await engine.stop();
});

test('while a source that failed is tried again, what was wrong stays to be read', async () => {
  const {engine} = build(new MemoryStore());
  const seen: string[] = [];
  const failing = new ListSource('failing', async (_emit, context, attempt) => {
    const state = () => engine.snapshot().sources[0]?.state ?? '';
    context.news({state: 'starting', detail: 'opening'});
    seen.push(state());
    if (attempt === 1) throw new SourceError('permission denied', 'sudo siem monitor');
    context.news({state: 'running', detail: 'open'});
    seen.push(state());
  });
  await engine.run(failing);
  expect(seen).toEqual(['starting', 'failed', 'running']);
  await engine.stop();
});

test('a detector that throws does not keep the others from finding', async () => {
  const broken: Detector = {
    id: 'broken',
    onEvents: () => {
      throw new Error('bug');
    },
  };
  const working: Detector = {id: 'working', onEvents: batch => batch.map(event => findingFor(event as LogEvent))};
  const store = new MemoryStore();
  const {engine} = build(store, [broken, working]);
  await engine.run(new ListSource('test', emit => emit({events: [log(1)], historical: true})));
  const [group] = store.batches.flatMap(batch => batch.alerts);
  expect(group).toMatchObject({rule: 'test.rule', count: 1, historical: true, status: 'open'});
  await engine.stop();
});

test('what is read back beyond the limit is counted as filtered', async () => {
  const store = new MemoryStore();
  const {engine} = build(store, [], settings => {
    settings.monitor.backfill_events = 5;
  });
  const events = Array.from({length: 8}, (_, index) => log(index));
  await engine.run(new ListSource('test', emit => emit({events, historical: true})));
  expect(engine.snapshot().total).toMatchObject({received: 8, stored: 5, filtered: 3, inFlight: 0});
  await engine.stop();
});

test('acknowledging an alert is stored as a change and shown', async () => {
  const working: Detector = {id: 'working', onEvents: batch => batch.map(event => findingFor(event as LogEvent))};
  const store = new MemoryStore();
  const {engine} = build(store, [working]);
  await engine.run(new ListSource('test', emit => emit({events: [log(1)]})));
  const id = engine.snapshot().alerts[0]?.id ?? '';
  engine.command({type: 'acknowledge', alert: id, actor: 'maria'});
  await pause(150);
  expect(store.batches.flatMap(batch => batch.changes)).toEqual([
    {alert: id, actor: 'maria', time: clock(), action: 'acknowledge'},
  ]);
  expect(engine.snapshot().alerts[0]?.status).toBe('acknowledged');
  await engine.stop();
});

test('what was found and counted just before the end is stored', async () => {
  const store = new MemoryStore();
  const {engine} = build(store);
  const event = log(1);
  await engine.run(new ListSource('test', emit => emit({events: [event]})));
  const tallies = [{hour: 0, dimension: 'protocol', value: 'TCP', count: 9}] as const;
  engine.raise([findingFor(event)]);
  engine.tally(tallies);
  await engine.stop();
  expect(store.batches.flatMap(batch => batch.alerts)).toMatchObject([{rule: 'test.rule', count: 1}]);
  expect(store.batches.flatMap(batch => batch.tallies)).toEqual(tallies);
});
