import {hour, second} from '../event/clock.ts';
import type {Event, LogEvent, Micros} from '../event/event.ts';
import type {AlertGroup, TallyRow} from '../store/sink.ts';
import {
  type LiveSample,
  type LogRow,
  newestRows,
  type PacketCounters,
  type PacketRow,
  type ProcessRow,
  type Share,
  type Snapshot,
  type SnapshotUpdate,
  type StartupLine,
  snapshotVersion,
} from './snapshot.ts';
import {Traffic} from './traffic.ts';
import {UnusualHours} from './unusual-hours.ts';

const shown = {logs: newestRows, packets: 200, samples: 600, alerts: 300, shares: 60, hours: 24} as const;

/** Sorting who talks costs a millisecond or two: not with every snapshot. */
const trafficEvery: Micros = second / 2;
/** With no new flow, what was said a minute ago goes out of the sums this often. */
const trafficFades: Micros = 5 * second;

const noPackets: PacketCounters = {
  seen: 0,
  decoded: 0,
  dropped: {},
  bytes: 0,
  flows: 0,
  aggregatedByOffload: 0,
  rate: 0,
};

type Section =
  | 'startup'
  | 'alerts'
  | 'logs'
  | 'applications'
  | 'packets'
  | 'traffic'
  | 'samples'
  | 'processes'
  | 'tallies';

/** What the engine works out anew for every snapshot. */
export type Vitals = Pick<
  Snapshot,
  'sources' | 'total' | 'queue' | 'rates' | 'store' | 'model' | 'alertTotals' | 'packetCounters'
>;

/**
 * The newest rows of everything the screen shows. Sections that did not change since the last update are left out of
 * it, so that a quiet machine's snapshots cost next to nothing to send.
 */
export class Board {
  packetCounters: PacketCounters = noPackets;
  private readonly head: Pick<Snapshot, 'version' | 'started' | 'host' | 'agent' | 'mode'>;
  private readonly startup = new Map<string, StartupLine>();
  private readonly groups = new Map<string, AlertGroup>();
  private logs: LogRow[] = [];
  private applications: LogRow[] = [];
  private packets: PacketRow[] = [];
  private samples: LiveSample[] = [];
  private processes: readonly ProcessRow[] = [];
  private tallies: readonly TallyRow[] = [];
  private tallyEnd: Micros = 0;
  private readonly unusual = new UnusualHours();
  private readonly traffic = new Traffic();
  private trafficIsNew = false;
  private trafficSent: Micros = 0;
  private now: Micros = 0;
  private sequence = 0;
  private readonly changed = new Set<Section>();

  constructor(head: Omit<Board['head'], 'version'>) {
    this.head = {version: snapshotVersion, ...head};
  }

  /** Says what is being opened; a later line about the same thing replaces the earlier one. */
  opening(line: StartupLine): void {
    this.startup.set(line.what, line);
    this.changed.add('startup');
  }

  /** Each in a window of its own: there are as many rows of the wire as there is traffic. */
  addLogs({logs, applications}: Pick<Snapshot, 'logs' | 'applications'>): void {
    if (logs.length > 0) {
      this.logs = newest(this.logs, logs, shown.logs);
      this.changed.add('logs');
    }
    if (applications.length > 0) {
      this.applications = newest(this.applications, applications, shown.logs);
      this.changed.add('applications');
    }
  }

  addPackets(rows: readonly PacketRow[]): void {
    if (rows.length === 0) return;
    this.packets = newest(this.packets, rows, shown.packets);
    this.changed.add('packets');
  }

  /** Takes note of the flows among the events. */
  addFlows(events: readonly Event[]): void {
    if (this.traffic.add(events)) this.trafficIsNew = true;
  }

  /** Something new was left for a later update, though nothing else may change until then. */
  get owes(): boolean {
    return this.trafficIsNew;
  }

  addSample(sample: LiveSample): void {
    this.samples = newest(this.samples, [sample], shown.samples);
    this.changed.add('samples');
  }

  setProcesses(rows: readonly ProcessRow[]): void {
    this.processes = rows;
    this.changed.add('processes');
  }

  setAlerts(groups: readonly AlertGroup[]): void {
    if (groups.length === 0) return;
    for (const group of groups) {
      // Deleted first, so that the map's order is that of the last change.
      this.groups.delete(group.id);
      this.groups.set(group.id, group);
      if (this.unusual.note(group)) this.changed.add('tallies');
    }
    for (const id of this.groups.keys()) {
      if (this.groups.size <= shown.alerts) break;
      this.groups.delete(id);
    }
    this.changed.add('alerts');
  }

  /** Hourly totals of the last 24 hours before `end`. */
  setTallies(rows: readonly TallyRow[], end: Micros): void {
    this.tallies = rows;
    this.tallyEnd = end;
    this.changed.add('tallies');
  }

  /** The whole snapshot, for a screen that attaches. */
  snapshot(time: Micros, vitals: Vitals): Snapshot {
    this.now = time;
    return {
      ...this.head,
      sequence: this.sequence,
      time,
      ...vitals,
      ...this.section('startup'),
      ...this.section('alerts'),
      ...this.section('logs'),
      ...this.section('applications'),
      ...this.section('packets'),
      ...this.section('traffic'),
      ...this.section('samples'),
      ...this.section('processes'),
      ...this.section('tallies'),
    };
  }

  /** What changed since the last update. */
  update(time: Micros, vitals: Vitals): SnapshotUpdate {
    this.sequence++;
    this.now = time;
    if (this.isTrafficDue(time)) {
      this.changed.add('traffic');
      this.trafficIsNew = false;
      this.trafficSent = time;
    }
    let update: SnapshotUpdate = {...this.head, sequence: this.sequence, time, ...vitals};
    for (const section of this.changed) update = {...update, ...this.section(section)};
    this.changed.clear();
    return update;
  }

  private isTrafficDue(time: Micros): boolean {
    if (this.traffic.newest === 0) return false;
    // A clock that was set back must not stop it.
    const since = Math.abs(time - this.trafficSent);
    return since >= (this.trafficIsNew ? trafficEvery : trafficFades);
  }

  private section(name: 'startup'): Pick<Snapshot, 'startup'>;
  private section(name: 'alerts'): Pick<Snapshot, 'alerts'>;
  private section(name: 'logs'): Pick<Snapshot, 'logs'>;
  private section(name: 'applications'): Pick<Snapshot, 'applications'>;
  private section(name: 'packets'): Pick<Snapshot, 'packets'>;
  private section(name: 'traffic'): Pick<Snapshot, 'conversations' | 'talkers'>;
  private section(name: 'samples'): Pick<Snapshot, 'samples'>;
  private section(name: 'processes'): Pick<Snapshot, 'processes'>;
  private section(name: 'tallies'): Pick<Snapshot, 'shares' | 'anomaliesByHour'>;
  private section(name: Section): Partial<Snapshot>;
  private section(name: Section): Partial<Snapshot> {
    switch (name) {
      case 'startup':
        return {startup: [...this.startup.values()]};
      case 'alerts':
        return {alerts: [...this.groups.values()].sort((one, other) => one.last - other.last)};
      case 'logs':
        return {logs: this.logs};
      case 'applications':
        return {applications: this.applications};
      case 'packets':
        return {packets: this.packets};
      case 'traffic':
        return this.traffic.rows(this.head.mode === 'live' ? this.now : 'replay');
      case 'samples':
        return {samples: this.samples};
      case 'processes':
        return {processes: this.processes};
      case 'tallies':
        return {
          shares: sharesOf(this.tallies),
          anomaliesByHour: anomaliesByHour(this.tallies, this.tallyEnd, this.unusual),
        };
      default:
        return name satisfies never;
    }
  }
}

/** A log entry as the screen shows it. */
export function logRow(event: LogEvent, seq: number, historical: boolean): LogRow {
  return {
    seq,
    time: event.time,
    level: event.level,
    code: event.code,
    provider: event.provider,
    message: event.message.length > 2_000 ? event.message.slice(0, 2_000) : event.message,
    host: event.host ?? event.origin.host,
    user: event.user ?? '',
    historical,
  };
}

function newest<Row>(rows: readonly Row[], more: readonly Row[], limit: number): Row[] {
  if (more.length >= limit) return more.slice(-limit);
  const kept = rows.length + more.length > limit ? rows.slice(rows.length + more.length - limit) : rows;
  return [...kept, ...more];
}

function sharesOf(tallies: readonly TallyRow[]): Snapshot['shares'] {
  return {
    level: share(tallies, 'level'),
    source: share(tallies, 'source'),
    'event-id': share(tallies, 'event-id'),
    'anomaly-type': share(tallies, 'anomaly-type'),
    protocol: share(tallies, 'protocol'),
  };
}

/** The largest shares of one dimension, the rest summed as `other`, so that the counts are those of all events. */
function share(tallies: readonly TallyRow[], dimension: TallyRow['dimension']): readonly Share[] {
  const counts = new Map<string, number>();
  for (const row of tallies) {
    if (row.dimension === dimension) counts.set(row.value, (counts.get(row.value) ?? 0) + row.count);
  }
  const sorted = [...counts].map(([value, count]) => ({value, count})).sort((one, two) => two.count - one.count);
  const rest = sorted.slice(shown.shares).reduce((sum, row) => sum + row.count, 0);
  return rest === 0 ? sorted : [...sorted.slice(0, shown.shares), {value: 'other', count: rest}];
}

function anomaliesByHour(
  tallies: readonly TallyRow[],
  end: Micros,
  unusual: UnusualHours,
): Snapshot['anomaliesByHour'] {
  const last = Math.floor(end / hour) * hour;
  const hours = Array.from({length: shown.hours}, (_, index) => last - (shown.hours - 1 - index) * hour);
  const counts = new Map<Micros, number>();
  for (const row of tallies) {
    if (row.dimension === 'anomalies') counts.set(row.hour, (counts.get(row.hour) ?? 0) + row.count);
  }
  return hours.map(start => ({hour: start, count: counts.get(start) ?? 0, why: unusual.why(start)}));
}
