import type {AppLog} from '../config/app-log.ts';
import type {Detector} from '../detect/detector.ts';
import {errorText} from '../event/error-code.ts';
import type {Alert, Event, Micros} from '../event/event.ts';
import type {StoreBatch} from '../store/sink.ts';

/** All detectors side by side: one that throws is counted and logged, and the batch goes on to the next. */
export class DetectorBench {
  /** Exceptions by detector. */
  readonly failures = new Map<string, number>();
  private readonly detectors: readonly Detector[];
  private readonly log: AppLog;

  constructor(detectors: readonly Detector[], log: AppLog) {
    this.detectors = detectors;
    this.log = log;
  }

  onEvents(events: readonly Event[], historical: boolean): readonly Alert[] {
    if (events.length === 0) return [];
    const alerts = this.detectors.flatMap(detector => this.guard(detector, () => detector.onEvents(events)) ?? []);
    return historical ? alerts.map(alert => ({...alert, historical: true})) : alerts;
  }

  onTick(now: Micros): readonly Alert[] {
    return this.detectors.flatMap(detector => this.guard(detector, () => detector.onTick?.(now)) ?? []);
  }

  save(): StoreBatch['states'] {
    return this.detectors.flatMap(detector => {
      const value = this.guard(detector, () => detector.save?.());
      return value === undefined ? [] : [{key: keyOf(detector), value}];
    });
  }

  restore(states: ReadonlyMap<string, unknown>): void {
    for (const detector of this.detectors) {
      const state = states.get(keyOf(detector));
      if (state !== undefined) this.guard(detector, () => detector.restore?.(state));
    }
  }

  private guard<Result>(detector: Detector, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      const count = (this.failures.get(detector.id) ?? 0) + 1;
      this.failures.set(detector.id, count);
      // The first few tell what is wrong; a detector that fails on every event must not fill the log.
      if (count <= 5 || count % 10_000 === 0) {
        const place = error instanceof Error ? error.stack?.split('\n')[1]?.trim() : '';
        this.log.error(`detector ${detector.id} failed (${count} times): ${errorText(error)} ${place}`);
      }
      return undefined;
    }
  }
}

function keyOf(detector: Detector): string {
  return `detector:${detector.id}`;
}
