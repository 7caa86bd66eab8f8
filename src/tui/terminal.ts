import {writeSync} from 'node:fs';
import type {ReadStream, WriteStream} from 'node:tty';

/** `process.stdout` of a terminal. */
export type ScreenOutput = WriteStream & {readonly fd: number};

export interface TerminalEvents {
  /** The screen is ours again: after ctrl+Z and fg, or after something else stopped and continued the program. */
  onResume(): void;
  /** About to be stopped: nothing may be written until `onResume`. */
  onSuspend(): void;
  /** Told to end. The terminal is restored and `process.exitCode` set; the same signal again ends at once. */
  onSignal(signal: EndSignal): void;
}

export const endSignals = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15} as const;

export type EndSignal = keyof typeof endSignals;

export interface Terminal {
  /** Gives the terminal back and stops the whole job, as ctrl+Z does in other programs. */
  suspend(): void;
  /** Gives the terminal back for good. May be called more than once. */
  leave(): void;
}

// Alternate screen, cursor hidden, no automatic wrap (a misjudged wide character must not spill into the next row),
// paste in brackets.
const enterCodes = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h';
const leaveCodes = '\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';

/** How long after asking to be stopped the program concludes that nobody stops it (no job control here). */
const stopGrace = 200;

/**
 * Takes the terminal for a full-screen program, and leaves it as it was found however the program ends: by `leave`, a
 * signal, an uncaught error, `process.exit`. Restoring is written synchronously, for at exit nothing else would arrive.
 */
export function enterTerminal(stdin: ReadStream, stdout: ScreenOutput, events: TerminalEvents): Terminal {
  let entered = false;
  let ended = false;

  const enter = () => {
    if (entered || ended) return;
    entered = true;
    stdin.setRawMode(true);
    writeNow(stdout, enterCodes);
  };
  const restore = () => {
    if (!entered) return;
    entered = false;
    writeNow(stdout, leaveCodes);
    stdin.setRawMode(false);
  };
  const suspend = () => {
    events.onSuspend();
    restore();
    process.off('SIGTSTP', suspend);
    // The job, not this process alone: `npm start` and a shell stand above it, and must be stopped with it.
    process.kill(0, 'SIGTSTP');
    setTimeout(resume, stopGrace).unref();
  };
  const resume = () => {
    if (ended) return;
    // Also where it never left: who stops a program from outside may have used the terminal meanwhile.
    restore();
    enter();
    if (process.listenerCount('SIGTSTP', suspend) === 0) process.on('SIGTSTP', suspend);
    events.onResume();
  };
  const end = (signal: EndSignal) => {
    const status = 128 + endSignals[signal];
    if (ended) process.exit(status);
    leave();
    process.exitCode = status;
    events.onSignal(signal);
  };
  const leave = () => {
    ended = true;
    restore();
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
  };

  const gone = () => {
    if (!ended) end('SIGHUP');
  };

  process.on('exit', leave);
  // A terminal whose window was closed shows as errors or an end of input, on some systems before SIGHUP comes.
  stdin.on('error', gone).on('end', gone);
  stdout.on('error', gone);
  process.on('uncaughtExceptionMonitor', leave);
  process.on('SIGCONT', resume);
  process.on('SIGTSTP', suspend);
  for (const signal of Object.keys(endSignals) as EndSignal[]) process.on(signal, () => end(signal));
  enter();
  return {suspend, leave};
}

/** Writes past the stream's queue. A terminal that is gone (its window was closed) needs no restoring. */
function writeNow(stdout: ScreenOutput, text: string): void {
  let rest = Buffer.from(text);
  for (let attempt = 0; rest.length > 0 && attempt < 100; attempt++) {
    try {
      rest = rest.subarray(writeSync(stdout.fd, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return;
    }
  }
}
