import type {LiveSample, Measurement, ProcessRow} from './sample.ts';

/** What was measured at one moment: for the screen at once, and for the means that are stored. */
export interface Sample {
  readonly live: Omit<LiveSample, 'time'>;
  readonly measurements: readonly Measurement[];
}

/** How this platform is measured. `elapsed` is in seconds since the last call of the same method, 0 at the first. */
export interface Sampler {
  sample(elapsed: number): Promise<Sample>;
  processes(elapsed: number): Promise<readonly ProcessRow[]>;
  /** What can not be measured here, in a few words each; known after the first sample. */
  readonly missing: readonly string[];
}
