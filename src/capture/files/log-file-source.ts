import {resolve} from 'node:path';
import type {Micros} from '../../event/event.ts';
import type {Emit, Source, SourceContext} from '../source.ts';
import type {FileProblem} from './file-format.ts';
import {openFile} from './open-file.ts';
import {paced} from './paced.ts';

export interface LogFileOptions {
  readonly path: string;
  /** 0 is as fast as possible, 1 as it was written. */
  readonly speed: number;
  /** Longest line kept, bytes. */
  readonly maxLine: number;
  /** Its events happened before the program began to watch: alerts on them are marked so. */
  readonly historical: boolean;
  /** Milliseconds; longer gaps between events are cut to it. A second where nothing is said. */
  readonly longestPause?: number;
  /** The moment that it is when reading begins. That of the first event where nothing is said. */
  readonly begins?: Micros;
}

/** A file of log entries as a source: for `siem monitor --read` and `siem import`. Ends with the file. */
export class LogFileSource implements Source {
  readonly id: string;
  private readonly options: LogFileOptions;

  constructor(options: LogFileOptions) {
    this.options = options;
    this.id = `file:${resolve(options.path)}`;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const {path, speed, maxLine, historical, longestPause, begins} = this.options;
    const reader = await openFile(path);
    const {agent, host, clock} = context;
    const problems: FileProblem[] = [];
    const problem = (found: FileProblem) => void problems.push(found);
    context.news({state: 'running', detail: `reading ${reader.format}`});
    const batches = reader.read({agent, host, clock, maxLine, problem});
    for await (const batch of paced(batches, {speed, signal, longestPause, begins})) {
      if (signal.aborted) return;
      await emit({...batch, historical});
    }
    context.news({state: 'ended', detail: ['read to its end', ...problems.map(explained)].join('; ')});
  }
}

function explained({reason, line}: FileProblem): string {
  return `${reason} first at line ${line}`;
}
