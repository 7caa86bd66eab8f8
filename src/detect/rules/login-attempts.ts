import {second} from '../../event/clock.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import {hostOf, textField, userOf} from './log-field.ts';

/** One login that was tried. */
export interface LoginAttempt {
  readonly host: string;
  /** The program asked: `sshd`, `sudo`, `su`, `login`. */
  readonly program: string;
  readonly action: string;
  readonly user: string;
  /** '' where it was tried on the machine itself. */
  readonly address: string;
  readonly time: Micros;
  /** How many tries the entry stands for that were not counted before. */
  readonly count: number;
}

/**
 * Reads login attempts from log entries and counts each once. One failure writes up to three lines (PAM's, the
 * program's own, and "Invalid user"), the second up to three seconds after the first, for PAM delays a failure. So of
 * one process's lines each kind is counted by itself, and the attempts are as many as the most frequent kind's lines.
 */
export class LoginAttempts {
  readonly #tallies = new BoundedMap<string, Tally>(10_000);

  /** The attempt an entry tells of, or undefined: it is none, or only another line of one counted already. */
  read(event: LogEvent): (LoginAttempt & {readonly outcome: 'failure' | 'success'}) | undefined {
    if (textField(event, 'event.category') !== 'authentication') return undefined;
    const outcome = textField(event, 'event.outcome');
    if (outcome !== 'failure' && outcome !== 'success') return undefined;
    const attempt = attemptOf(event);
    // sshd always writes a line of its own that names the address: PAM's may not.
    if (attempt.program.startsWith('sshd') && attempt.address === '') return undefined;
    const count = this.#countNew(event, attempt, outcome);
    return count === 0 ? undefined : {...attempt, outcome, count};
  }

  #countNew(event: LogEvent, attempt: LoginAttempt, outcome: string): number {
    const who = event.pid === undefined ? attempt.user : String(event.pid);
    const key = `${attempt.host}\0${attempt.program}\0${outcome}\0${who}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined || Math.abs(attempt.time - tally.last) > together) {
      tally = {last: attempt.time, counted: 0, lines: {pam: 0, invalid: 0, own: 0}};
      this.#tallies.set(key, tally);
    }
    const kind = kindOf(event.message);
    tally.lines[kind] += repeats(event.message);
    tally.last = Math.max(tally.last, attempt.time);
    const fresh = Math.max(0, tally.lines[kind] - tally.counted);
    tally.counted += fresh;
    return fresh;
  }
}

type LineKind = 'pam' | 'invalid' | 'own';

interface Tally {
  last: Micros;
  counted: number;
  readonly lines: Record<LineKind, number>;
}

const together = 10 * second;

function attemptOf(event: LogEvent): LoginAttempt {
  return {
    host: hostOf(event),
    program: event.provider,
    action: textField(event, 'event.action'),
    user: userOf(event),
    address: textField(event, 'source.ip'),
    time: event.time,
    count: 1,
  };
}

function kindOf(message: string): LineKind {
  const text = message.replace(/^message repeated \d+ times: \[ ?/, '');
  if (/^(?:pam_|PAM )/.test(text)) return 'pam';
  return /^(?:Invalid|Illegal) user /.test(text) ? 'invalid' : 'own';
}

// rsyslog's shortening, and sudo's summary, stand for several tries in one line.
function repeats(message: string): number {
  const times =
    /^message repeated (\d{1,4}) times: \[/.exec(message) ??
    /(?:^|\s)(\d{1,2}) incorrect password attempts?/.exec(message);
  return times ? Number(times[1]) : 1;
}
