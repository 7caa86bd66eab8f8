import type {EcsRecord} from './ecs.ts';
import type {Micros} from './event.ts';
import type {AlertLevel} from './level.ts';

/** The states an alert's life cycle passes through; what is stored is the append-only list of changes. */
export type AlertStatus = 'open' | 'acknowledged' | 'closed';

/** A group of findings of one rule about one entity, as it stands. Written whole each time it changes. */
export interface AlertGroup {
  readonly id: string;
  readonly host: string;
  readonly agent: string;
  readonly rule: string;
  readonly ruleName: string;
  readonly level: AlertLevel;
  /** The anomaly type. */
  readonly category: string;
  readonly entity: string;
  readonly reason: string;
  readonly techniques: readonly string[];
  readonly first: Micros;
  readonly last: Micros;
  readonly count: number;
  readonly historical: boolean;
  readonly status: AlertStatus;
  /** Source and event id of the first triggering event, as the original program's columns. */
  readonly provider: string;
  readonly code: number;
  /** The newest triggering event's own fields. */
  readonly event: EcsRecord;
}

/** What one group gained within one minute of event time: one row of the anomalies table. Counts add up. */
export interface AnomalyRow {
  readonly alert: string;
  /** Start of the minute. */
  readonly minute: Micros;
  /** The newest finding's time. */
  readonly time: Micros;
  readonly code: number;
  readonly category: string;
  readonly level: AlertLevel;
  readonly provider: string;
  readonly message: string;
  readonly count: number;
}

/** One step in an alert's life. */
export interface AlertChange {
  readonly alert: string;
  readonly time: Micros;
  readonly actor: string;
  readonly action: 'acknowledge' | 'close' | 'reopen' | 'comment' | 'suppress';
  readonly verdict?: 'true-positive' | 'false-positive' | 'benign';
  readonly note?: string;
}
