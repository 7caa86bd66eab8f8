import {type ChildProcessByStdio, spawn} from 'node:child_process';
import type {Readable} from 'node:stream';
import {LineSplitter} from './tail/line-splitter.ts';

export interface JournalOptions {
  /** Read the journal in this folder instead of the machine's own. */
  readonly folder?: string;
  /** Read this one journal file. */
  readonly file?: string;
  /** `journalctl`, or what stands in for it in tests. */
  readonly command?: string;
}

/** Lines of one piece of output. `cut`: how many were longer than is read. */
export interface JournalLines {
  readonly lines: readonly string[];
  readonly cut: number;
}

// A 64 KiB message of bytes is five times as long in JSON.
const longestLine = 4 * 2 ** 20;
const mostComplaint = 2048;

/** A running journalctl. */
export class JournalChild {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<Error | undefined>;
  #complaint = '';

  constructor(args: readonly string[], options: JournalOptions) {
    this.#child = spawn(options.command ?? 'journalctl', [...whichJournal(options), ...usualArguments, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {...process.env, LC_ALL: 'C', SYSTEMD_COLORS: '0'},
    });
    this.#child.stderr.on('data', (piece: Buffer) => {
      this.#complaint = `${this.#complaint}${piece.toString('utf8')}`.slice(0, mostComplaint);
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('error', resolve);
      this.#child.once('close', () => resolve(undefined));
    });
  }

  /** What it said on stderr. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  /** Its output as it comes; no more is taken while the caller is busy. Ends with the child. */
  async *lines(): AsyncGenerator<JournalLines> {
    const splitter = new LineSplitter(0, longestLine);
    for await (const piece of this.#child.stdout as AsyncIterable<Buffer>) {
      const lines: string[] = [];
      let cut = 0;
      splitter.push(piece, (line, _offset, isCut) => {
        if (isCut) cut++;
        else lines.push(line);
      });
      if (lines.length > 0 || cut > 0) yield {lines, cut};
    }
    const failure = await this.#ended;
    if (failure) throw failure;
  }

  /** Ends the child and waits until it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    // A grandchild that holds the pipes must not hold this source too.
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    await this.#ended;
  }
}

const usualArguments = ['--output=json', '--all', '--no-pager'];

function whichJournal(options: JournalOptions): string[] {
  if (options.folder !== undefined) return [`--directory=${options.folder}`];
  return options.file === undefined ? [] : [`--file=${options.file}`];
}
