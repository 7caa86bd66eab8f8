import {createReadStream} from 'node:fs';
import {resolve} from 'node:path';
import {createInterface} from 'node:readline';
import {LineFeed} from '../logs/line-feed.ts';
import type {Emit, Source, SourceBatch, SourceContext} from '../source.ts';
import {paced} from './paced.ts';

export interface LogFileOptions {
  readonly path: string;
  /** 0 is as fast as possible, 1 as it was written. */
  readonly speed: number;
  readonly maxLine: number;
  readonly historical?: boolean;
}

/** A log file as a source: for `siem monitor --read` and `siem import`. Ends with the file. */
export class LogFileSource implements Source {
  readonly id: string;
  private readonly options: LogFileOptions;

  constructor(options: LogFileOptions) {
    this.options = options;
    this.id = `file:${resolve(options.path)}`;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const {speed, path} = this.options;
    context.news({state: 'running', detail: `reading ${path}`});
    for await (const batch of paced(this.read(context), speed, signal)) {
      if (signal.aborted) return;
      await emit(batch);
    }
    context.news({state: 'ended', detail: `read ${path}`});
  }

  private async *read(context: SourceContext): AsyncGenerator<SourceBatch> {
    const {path, historical} = this.options;
    const feed = new LineFeed({path: resolve(path), source: this.id, namePath: false}, context);
    const state = {epoch: 'x', reference: context.clock(), notBefore: 0};
    let offset = 0;
    let waiting = 0;
    const marks = historical ? {historical} : {};
    for await (const line of createInterface({input: createReadStream(path)})) {
      feed.add(line, offset, false, state);
      offset += Buffer.byteLength(line) + 1;
      if (++waiting < 500) continue;
      waiting = 0;
      yield {events: feed.take().events, ...marks};
    }
    yield {events: feed.take().events, ...marks};
  }
}
