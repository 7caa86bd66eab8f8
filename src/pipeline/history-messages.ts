import type {Settings} from '../config/settings.ts';
import type {Micros} from '../event/event.ts';
import type {CountRequest, QueryRequest} from '../query/request.ts';

/** What the reader thread is started with. */
export interface HistoryOptions {
  /** The data folder. A store need not be there yet. */
  readonly dataDir: string;
  readonly engine: Settings['store']['engine'];
}

/** What may be asked of the stored past. */
export type HistoryRequest =
  | {readonly type: 'rows'; readonly request: QueryRequest}
  | {readonly type: 'count'; readonly request: CountRequest}
  | {readonly type: 'alert-context'; readonly alert: string}
  | {readonly type: 'around'; readonly moment: Micros; readonly rows: number};

/** To the reader thread: answers come in the order of the questions; a cancelled one gets none. */
export type ToHistory =
  | {readonly type: 'ask'; readonly id: number; readonly request: HistoryRequest}
  | {readonly type: 'cancel'; readonly id: number};

/** An error as it crosses between threads. `at` is set on a wrong expression, `mend` where something can be done. */
export interface HistoryFailure {
  readonly message: string;
  readonly at?: number;
  readonly mend?: string;
}

/** From the reader thread. */
export type FromHistory =
  | {readonly id: number; readonly answer: unknown}
  | {readonly id: number; readonly failure: HistoryFailure};
