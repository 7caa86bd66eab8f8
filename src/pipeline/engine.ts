import {setTimeout as pause, setImmediate as turn} from 'node:timers/promises';
import type {Source, SourceState} from '../capture/source.ts';
import type {AppLog} from '../config/app-log.ts';
import type {Identity} from '../config/identity.ts';
import type {Settings} from '../config/settings.ts';
import type {Detector} from '../detect/detector.ts';
import {type Clock, day, hour} from '../event/clock.ts';
import {errorText} from '../event/error-code.ts';
import type {Alert, Event, Micros} from '../event/event.ts';
import {emptyBatch, type StoreBatch, StoreError, type TallyRow} from '../store/sink.ts';
import type {AlertDesk} from './alert-desk.ts';
import {BatchQueue, type QueuedBatch} from './batch-queue.ts';
import {Board, type Vitals} from './board.ts';
import {DetectorBench} from './detector-bench.ts';
import type {EngineStore} from './engine-store.ts';
import {sumOf} from './ledger.ts';
import {RateMeter} from './rate-meter.ts';
import {logRows, settle} from './settle.ts';
import type {
  Command,
  LiveSample,
  ModelView,
  PacketCounters,
  Snapshot,
  SnapshotUpdate,
  StartupLine,
} from './snapshot.ts';
import {SourceRunner} from './source-runner.ts';

export interface EngineParts {
  readonly settings: Settings;
  readonly identity: Identity;
  readonly mode: Snapshot['mode'];
  readonly clock: Clock;
  readonly store: EngineStore;
  readonly desk: AlertDesk;
  readonly detectors: readonly Detector[];
  readonly log: AppLog;
  /** Whether an update would be taken now; while not, changes gather for the next. */
  readonly ready: () => boolean;
  /** Given each update; called at most `settings.monitor.snapshots` times a second. */
  readonly publish: (update: SnapshotUpdate) => void;
  readonly model: () => ModelView;
  /** Adds to events what is known besides, before detectors and the store see them. */
  readonly enrich?: (events: readonly Event[]) => readonly Event[];
  /** Told whether the engine has more to do than it can, so that costly detectors may spare themselves. */
  readonly setBusy: (busy: boolean) => void;
}

/** Events that go through detection and into one transaction together, at most. */
const transactionEvents = 2_000;
/** With little to do, commits are this far apart, so that each is worth its cost. */
const commitInterval = 50;
const tallyInterval = 2_000;

/**
 * The heart of the program: takes batches from the queue, lets every detector see them, and makes events, alerts and
 * positions durable in one transaction. Runs in its own thread; nothing here draws or decodes packets.
 */
export class Engine {
  readonly board: Board;
  private readonly parts: EngineParts;
  private readonly queue: BatchQueue;
  private readonly runners = new Map<string, SourceRunner>();
  private readonly running: Promise<void>[] = [];
  private readonly abort = new AbortController();
  private readonly bench: DetectorBench;
  private readonly eventRate: RateMeter;
  private readonly alertRate: RateMeter;
  private tallyRows: TallyRow[] = [];
  private storeState: Snapshot['store']['state'] = 'ok';
  private storeDetail = '';
  private dirty = true;
  private retentionDue = true;
  private newest: Micros = 0;
  private historicalLeft: number;
  private readonly timers: NodeJS.Timeout[] = [];
  private loop: Promise<void> = Promise.resolve();

  constructor(parts: EngineParts) {
    this.parts = parts;
    const {settings, identity, mode, clock} = parts;
    this.queue = new BatchQueue(settings.monitor.queue);
    this.board = new Board({started: clock(), host: identity.host, agent: identity.agent, mode});
    this.bench = new DetectorBench(parts.detectors, parts.log);
    this.eventRate = new RateMeter(clock);
    this.alertRate = new RateMeter(clock);
    this.historicalLeft = settings.monitor.backfill_events;
  }

  /** Takes up where the last run stopped and begins to work; sources are added after. */
  start(): void {
    const {store, desk, clock} = this.parts;
    const groups = store.loadAlerts(clock() - 7 * day, 5_000);
    desk.restore(groups);
    this.board.setAlerts(groups);
    this.bench.restore(store.states());
    this.tellNotices();
    this.refreshTallies();
    this.every(1_000, () => this.tick());
    this.every(60_000, () => this.saveStates());
    this.every(tallyInterval, () => this.refreshTallies());
    this.every(1_000 / this.parts.settings.monitor.snapshots, () => this.publish());
    this.loop = this.work();
  }

  /** Runs a source until it ends or the engine stops. Resolves when it has ended and all it gave is durable. */
  async run(source: Source): Promise<void> {
    const {store, settings, mode, clock, identity, log} = this.parts;
    const runner = new SourceRunner(source, store.positions().get(source.id), {
      queue: this.queue,
      identity,
      clock,
      log,
      backfillFrom: mode === 'live' ? clock() - settings.monitor.backfill_days * day : 0,
      changed: () => {
        this.board.opening(openingLine(runner));
        this.touch();
      },
    });
    this.board.opening(openingLine(runner));
    this.runners.set(source.id, runner);
    const done = runner.run(this.abort.signal);
    this.running.push(done);
    await done;
    while (runner.ledger.inFlight > 0 && !this.abort.signal.aborted) await pause(5);
  }

  /** Findings that come from elsewhere than the events (the sensor): grouped and stored like all others. */
  raise(alerts: readonly Alert[]): void {
    if (alerts.length === 0) return;
    this.alertRate.add(alerts.length);
    this.parts.desk.add(alerts, this.parts.identity.agent);
    this.queue.interrupt();
  }

  /** Resolves when all that was raised is stored and shown. */
  async settled(): Promise<void> {
    while (this.hasLooseEnds() && !this.abort.signal.aborted) await pause(5);
  }

  /** Totals of what is counted and not stored (packets by protocol). */
  tally(rows: readonly TallyRow[]): void {
    this.tallyRows.push(...rows);
  }

  packetCounters(counters: PacketCounters): void {
    this.board.packetCounters = counters;
    this.touch();
  }

  sample(sample: LiveSample): void {
    this.board.addSample(sample);
    this.touch();
  }

  command(command: Exclude<Command, {type: 'stop'}>): void {
    const {desk, clock} = this.parts;
    const changed = desk.apply(command, clock());
    if (!changed) return;
    this.queue.interrupt();
    this.touch();
  }

  snapshot(): Snapshot {
    return this.board.snapshot(this.parts.clock(), this.vitals());
  }

  /** Brings the screen up to what is stored now, without waiting for the next turn. */
  publishNow(): void {
    this.refreshTallies();
    this.sendUpdate();
  }

  touch(): void {
    this.dirty = true;
  }

  /** Stops the sources, makes durable what they gave, saves every state and closes the store. */
  async stop(): Promise<void> {
    this.abort.abort();
    await Promise.all(this.running);
    for (const timer of this.timers) clearInterval(timer);
    this.queue.interrupt();
    await this.loop;
    // What was found or counted since the last commit.
    await this.process([]);
    this.writeNow({...emptyBatch, states: this.bench.save()});
    this.parts.store.close();
  }

  private every(milliseconds: number, run: () => void): void {
    this.timers.push(setInterval(run, milliseconds));
  }

  private async work(): Promise<void> {
    while (!this.abort.signal.aborted || !this.queue.isEmpty) {
      const began = performance.now();
      if (this.queue.isEmpty && !this.hasLooseEnds()) await this.queue.whenFilled();
      const taken = this.queue.take(transactionEvents);
      await this.process(taken);
      if (this.retentionDue) this.retain();
      if (this.queue.isEmpty) await pause(Math.max(0, commitInterval - (performance.now() - began)));
      else await turn();
    }
  }

  private hasLooseEnds(): boolean {
    return this.parts.desk.hasChanges || this.tallyRows.length > 0;
  }

  private async process(taken: readonly QueuedBatch[]): Promise<void> {
    this.parts.setBusy(this.queue.length > this.queue.capacity / 2);
    const admitted = this.enriched(this.limitBackfill(taken));
    for (const {batch} of admitted) {
      const alerts = this.bench.onEvents(batch.events, batch.historical ?? false);
      if (alerts.length > 0) this.parts.desk.add(alerts, this.parts.identity.agent);
      this.alertRate.add(alerts.length);
      this.eventRate.add(batch.events.length);
    }
    const batch = this.storeBatch(admitted);
    if (isEmpty(batch)) return;
    const result = await this.writeDurably(batch);
    if (!result) return;
    settle(admitted, result);
    for (const item of admitted) {
      this.noteNewest(item);
      this.board.addFlows(item.batch.events);
    }
    this.board.addLogs(logRows(admitted, result.sequences));
    this.board.setAlerts(batch.alerts);
    this.retentionDue = true;
    this.touch();
  }

  /** Beyond the wanted number of events, what is read back is counted as filtered and not stored. */
  private limitBackfill(taken: readonly QueuedBatch[]): readonly QueuedBatch[] {
    return taken.map(item => {
      if (!item.batch.historical || this.parts.mode !== 'live') return item;
      const room = Math.max(0, Math.min(this.historicalLeft, item.batch.events.length));
      this.historicalLeft -= room;
      if (room === item.batch.events.length) return item;
      item.runner.ledger.filter(item.batch.events.length - room);
      return {...item, batch: {...item.batch, events: item.batch.events.slice(0, room)}};
    });
  }

  private enriched(taken: readonly QueuedBatch[]): readonly QueuedBatch[] {
    const {enrich} = this.parts;
    if (!enrich) return taken;
    return taken.map(item => ({...item, batch: {...item.batch, events: enrich(item.batch.events)}}));
  }

  private storeBatch(taken: readonly QueuedBatch[]): StoreBatch {
    const {alerts, anomalies, changes} = this.parts.desk.takeChanges();
    const tallies = this.tallyRows;
    this.tallyRows = [];
    // Of one source only its newest position counts.
    const positions = new Map(
      taken.flatMap(({runner, batch}) => (batch.position ? [[runner.id, batch.position]] : [])),
    );
    return {
      events: taken.length === 1 && taken[0] ? taken[0].batch.events : taken.flatMap(({batch}) => batch.events),
      alerts,
      anomalies,
      changes,
      positions: [...positions].map(([source, position]) => ({source, position})),
      gaps: taken.flatMap(({runner, batch}) => (batch.gap ? [{source: runner.id, gap: batch.gap}] : [])),
      tallies,
      states: [],
    };
  }

  /** Writes, and where the disk is full keeps the batch and tries again until there is room or the engine stops. */
  private async writeDurably(batch: StoreBatch) {
    for (;;) {
      try {
        const result = this.parts.store.write(batch);
        if (this.storeState !== 'ok') this.storeNews('ok', '');
        return result;
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        if (error.code === 'damaged') await this.recover(error);
        else if (error.code !== 'full') throw error;
        else {
          this.storeNews('full', error.message);
          if (this.abort.signal.aborted) return undefined;
          this.retain();
          await pause(1_000);
        }
      }
    }
  }

  private async recover(error: StoreError): Promise<void> {
    this.parts.log.error(`store: ${error.message}`);
    await this.parts.store.recover();
    this.tellNotices();
  }

  /** A database that was set aside is said loudly: it stays at the top of the start-up lines and in the status. */
  private tellNotices(): void {
    for (const notice of this.parts.store.takeNotices()) {
      this.parts.log.warning(`store: ${notice}`);
      this.board.opening({what: 'store', state: 'note', detail: notice});
      this.storeDetail = notice;
    }
  }

  private writeNow(batch: StoreBatch): void {
    try {
      this.parts.store.write(batch);
    } catch (error) {
      this.parts.log.error(`could not save the detectors' state: ${errorText(error)}`);
    }
  }

  private storeNews(state: Snapshot['store']['state'], detail: string): void {
    if (state !== this.storeState) this.parts.log.warning(`store: ${state} ${detail}`);
    this.storeState = state;
    this.storeDetail = detail;
    this.touch();
  }

  private retain(): void {
    const {done} = this.parts.store.retentionStep(this.parts.clock());
    this.retentionDue = !done;
  }

  private tick(): void {
    if (this.parts.mode === 'replay') return;
    this.raise(this.bench.onTick(this.parts.clock()));
    this.retentionDue = true;
    this.queue.interrupt();
  }

  private saveStates(): void {
    this.writeNow({...emptyBatch, states: this.bench.save()});
  }

  private refreshTallies(): void {
    // A replayed file's day is the day it happened, not today.
    const now = this.parts.mode === 'replay' && this.newest > 0 ? this.newest : this.parts.clock();
    const since = Math.floor(now / hour) * hour - 23 * hour;
    this.board.setTallies(this.parts.store.tallies(since), now);
    this.touch();
  }

  private noteNewest({runner, batch}: QueuedBatch): void {
    for (const event of batch.events) if (event.time > runner.newest) runner.newest = event.time;
    if (runner.newest > this.newest) this.newest = runner.newest;
  }

  private publish(): void {
    if (this.dirty && this.parts.ready()) this.sendUpdate();
  }

  private sendUpdate(): void {
    const update = this.board.update(this.parts.clock(), this.vitals());
    this.dirty = this.board.owes;
    this.parts.publish(update);
  }

  private vitals(): Vitals {
    const {store, model} = this.parts;
    const sources = [...this.runners.values()].map(runner => runner.view());
    return {
      sources,
      total: sumOf(sources),
      queue: {length: this.queue.length, capacity: this.queue.capacity},
      rates: {
        events: this.eventRate.perSecond(),
        packets: this.board.packetCounters.rate,
        alerts: this.alertRate.perSecond(),
      },
      packetCounters: this.board.packetCounters,
      alertTotals: store.alertTotals(),
      store: {...store.stats(), state: this.storeState, detail: this.storeDetail},
      model: model(),
    };
  }
}

/** What the start-up lines say of a source. */
function openingLine(runner: SourceRunner): StartupLine {
  const {id, state, detail, mend} = runner.view();
  return {what: id, state: openingStates[state], detail, ...(mend === undefined ? {} : {mend})};
}

const openingStates = {
  starting: 'opening',
  'catching-up': 'ok',
  running: 'ok',
  ended: 'ok',
  waiting: 'note',
  covered: 'note',
  failed: 'failed',
} as const satisfies Record<SourceState, StartupLine['state']>;

function isEmpty(batch: StoreBatch): boolean {
  return (
    batch.events.length === 0 &&
    batch.alerts.length === 0 &&
    batch.anomalies.length === 0 &&
    batch.changes.length === 0 &&
    batch.positions.length === 0 &&
    batch.gaps.length === 0 &&
    batch.tallies.length === 0
  );
}
