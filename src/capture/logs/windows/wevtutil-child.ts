import {type ChildProcessByStdio, spawn} from 'node:child_process';
import {join} from 'node:path';
import type {Readable} from 'node:stream';
import {errorCode} from '../../../event/error-code.ts';
import {SourceError} from '../../source.ts';
import {UnicodeText} from './xml/unicode-text.ts';

/** How a wevtutil ended. */
export interface WevtutilEnd {
  /** Windows' error number; 0 where all went well. */
  readonly code: number;
  /** What it said on stderr. */
  readonly complaint: string;
}

const mostComplaint = 4096;
/** ms without a sign of life after which it is ended: the event log service does not answer. */
const longestSilence = 120_000;

/**
 * The program by its full path on Windows, which would look for it in the current folder first; by its name elsewhere,
 * where only a test has one.
 */
export function wevtutilCommand(platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'wevtutil.exe') : 'wevtutil';
}

/** A running wevtutil. Whoever made it calls `end`, also where it failed. */
export class WevtutilChild {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<number | Error>;
  readonly #complaintText = new UnicodeText();
  #complaint = '';
  #silent = false;

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true});
    this.#child.stderr.on('data', (piece: Buffer) => {
      this.#complaint = `${this.#complaint}${this.#complaintText.push(piece)}`.slice(0, mostComplaint);
    });
    this.#ended = new Promise(resolve => {
      this.#child.once('error', resolve);
      this.#child.once('close', code => resolve(code ?? -1));
    });
  }

  /** Its output as it comes; no more is taken while the caller is busy. Ends with the child. */
  async *output(): AsyncGenerator<Buffer> {
    const stop = () => {
      this.#silent = true;
      this.#child.kill('SIGKILL');
      this.#child.stdout.destroy();
    };
    let timer = setTimeout(stop, longestSilence);
    try {
      for await (const piece of this.#child.stdout as AsyncIterable<Buffer>) {
        clearTimeout(timer);
        yield piece;
        timer = setTimeout(stop, longestSilence);
      }
    } catch (error) {
      if (!this.#silent) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** To be awaited behind the output. Throws where it could not be run at all. */
  async result(): Promise<WevtutilEnd> {
    const ended = await this.#ended;
    if (this.#silent) {
      throw new SourceError('wevtutil gave no answer: is the Windows Event Log service running?', 'net start eventlog');
    }
    if (typeof ended === 'number') return {code: ended, complaint: this.#complaint.trim()};
    if (errorCode(ended) !== 'ENOENT') throw ended;
    throw new SourceError('wevtutil was not found', 'where wevtutil (it belongs into System32), on Windows');
  }

  /** Ends it and waits until it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    await this.#ended;
  }
}
