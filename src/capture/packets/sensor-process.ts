import {type ChildProcess, spawn} from 'node:child_process';
import type {Duplex, Readable} from 'node:stream';
import {sanitize} from '../../event/sanitize.ts';
import {FrameSplitter} from './frame-splitter.ts';
import {type FailureCode, failures, type Message} from './messages.ts';
import {readMessage} from './read-message.ts';
import type {SensorArguments} from './sensor-arguments.ts';

/** A small heap and few threads: the sensor's own state is in typed arrays, outside of it. */
const nodeFlags = ['--max-old-space-size=256', '--v8-pool-size=1', '--no-warnings'];
/** Megabytes for what lives briefly: little for years beside other programs, more for a file that is read at full speed. */
const youngHeap = {live: 4, file: 32, extract: 16, inspect: 1} as const;
const patience = 1_000;
const longestLine = 2_000;

export interface SensorExit {
  /** The reason that the exit status stands for; undefined where it ended well or was killed. */
  readonly failure: FailureCode | undefined;
  readonly status: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

/**
 * The sensor as its parent sees it. What it prints goes to `log`; what it sends is checked frame by frame, for it reads
 * hostile bytes: a frame that breaks the protocol ends it.
 */
export class SensorProcess {
  readonly exited: Promise<SensorExit>;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;

  constructor(entry: string, args: SensorArguments, log: (line: string) => void, file?: number) {
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe', ...(file === undefined ? [] : [file])] as const;
    // Nothing of our environment: the sensor needs none, and the less it knows the better.
    const env = {UV_THREADPOOL_SIZE: '1', NODE_ENV: 'production'};
    this.#child = spawn(
      process.execPath,
      [`--max-semi-space-size=${youngHeap[args.mode]}`, ...nodeFlags, entry, JSON.stringify(args)],
      {
        stdio: [...stdio],
        env,
        cwd: '/',
      },
    );
    this.#pipe = this.#child.stdio[3] as Duplex;
    // A pipe that breaks ends `messages`; what happened is in the exit status.
    this.#pipe.on('error', error => log(`sensor pipe: ${error.message}`));
    for (const output of [this.#child.stdout, this.#child.stderr]) if (output) pass(output, log);
    this.exited = this.#exit();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends it a frame: a question, where it answers some. */
  ask(question: Uint8Array): void {
    this.#pipe.write(question);
  }

  /** What the sensor says, until it ends. While the caller works on a message, the pipe waits. */
  async *messages(): AsyncGenerator<Message> {
    const splitter = new FrameSplitter();
    try {
      for await (const chunk of this.#pipe as AsyncIterable<Buffer>) {
        for (const frame of splitter.push(chunk)) yield readMessage(frame);
      }
    } finally {
      this.kill();
    }
  }

  /** Asks it to hand over what it has and end; kills it a second later. */
  finish(): void {
    this.#pipe.end();
    const timer = setTimeout(() => this.kill(), patience);
    void this.exited.then(() => clearTimeout(timer));
  }

  kill(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  async #exit(): Promise<SensorExit> {
    const {status, killedBy} = await new Promise<Omit<SensorExit, 'failure'>>(resolve => {
      this.#child.once('exit', (code, signal) => resolve({status: code, killedBy: signal}));
      // It could not be started, as where there are too many processes.
      this.#child.once('error', () => resolve({status: null, killedBy: null}));
    });
    const failure = (Object.keys(failures) as FailureCode[]).find(code => failures[code] === status);
    return {failure, status, killedBy};
  }
}

function pass(output: Readable, log: (line: string) => void): void {
  output.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line !== '') log(`sensor: ${sanitize(line.slice(0, longestLine))}`);
  });
}
