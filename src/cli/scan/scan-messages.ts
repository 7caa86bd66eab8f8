import type {FileReport, NumberedTarget, ScanResult, ScanSetup} from './scanner.ts';

/** What a scanning thread is started with. */
export interface ScanThread {
  readonly setup: ScanSetup;
  readonly name: string;
}

/** Main thread → scanning thread: the next file, or that there is none. */
export type ToScanner = {readonly type: 'file'; readonly target: NumberedTarget} | {readonly type: 'end'};

/** Scanning thread → main thread. */
export type FromScanner =
  | {readonly type: 'progress'; readonly bytes: number; readonly events: number}
  | {readonly type: 'done'; readonly report: FileReport}
  | {readonly type: 'ended'; readonly result: ScanResult};
