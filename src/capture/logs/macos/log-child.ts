import {type ChildProcessByStdio, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import {LineSplitter} from '../tail/line-splitter.ts';

/** Lines of one piece of output. `cut`: how many were longer than is read. */
export interface LogLines {
  readonly lines: readonly string[];
  readonly cut: number;
}

/** How a `log` ended. */
export interface LogEnd {
  readonly failure: Error | undefined;
  /** Exit status; -1 where a signal ended it. */
  readonly code: number;
  /** What it said on stderr. */
  readonly complaint: string;
}

const longestLine = 2 ** 20;
const mostComplaint = 4096;

/** By its full path on macOS; by its name elsewhere, where only a test has one. */
export function logCommand(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' ? '/usr/bin/log' : 'log';
}

/** A running `log stream` or `log show`. Whoever made it calls `end`. */
export class LogChild {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<Pick<LogEnd, 'failure' | 'code'>>;
  #complaint = '';

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, LC_ALL: 'C'}});
    this.#child.stderr.on('data', (piece: Buffer) => {
      this.#complaint = `${this.#complaint}${piece.toString('utf8')}`.slice(0, mostComplaint);
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('error', failure => resolve({failure, code: -1}));
      this.#child.once('close', code => resolve({failure: undefined, code: code ?? -1}));
    });
  }

  /** Its output as it comes; no more is taken while the caller is busy. Ends with the child, also when it is ended. */
  async *lines(): AsyncGenerator<LogLines> {
    const splitter = new LineSplitter(0, longestLine);
    try {
      for await (const piece of this.#child.stdout as AsyncIterable<Buffer>) {
        const lines: string[] = [];
        let cut = 0;
        splitter.push(piece, (line, _offset, isCut) => {
          if (isCut) cut++;
          else lines.push(line);
        });
        if (lines.length > 0 || cut > 0) yield {lines, cut};
      }
    } catch (error) {
      // Ending the child cuts its output short.
      if (!this.#child.killed) throw error;
    }
  }

  async result(): Promise<LogEnd> {
    return {...(await this.#ended), complaint: this.#complaint.trim()};
  }

  /** Ends it and waits until it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    await this.#ended;
  }
}
