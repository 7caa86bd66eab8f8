import type {FlowEvent, MetricEvent, Micros} from '../../src/event/event.ts';

/** A flow as the sensor reports it, without where the report came from. */
export type FlowFacts = Omit<FlowEvent, 'kind' | 'origin' | 'ingested'>;
export type MetricFacts = Pick<MetricEvent, 'time' | 'name' | 'value' | 'max' | 'unit'>;

/** `phase` is the index of the attack phase that did it, `ordinary` for all else. `at`: when it reaches the monitor. */
export type LifeItem =
  | {readonly kind: 'line'; readonly at: Micros; readonly phase: number; readonly file: string; readonly text: string}
  | {readonly kind: 'flow'; readonly at: Micros; readonly phase: number; readonly flow: FlowFacts}
  | {readonly kind: 'metric'; readonly at: Micros; readonly phase: number; readonly metric: MetricFacts};

export const ordinary = -1;

/** One step of an attack, as the truth about a week names it. */
export interface Phase {
  readonly name: string;
  /** ATT&CK ids. */
  readonly technique: string;
  readonly from: Micros;
  readonly to: Micros;
  /** Beginnings of the names of the metrics that it moves, and the sources that it silences. */
  readonly effects: readonly string[];
}
