import {minute, second} from '../../event/clock.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import {hostOf, numberField, textField, userOf} from './log-field.ts';

/** One login that was tried. */
export interface LoginAttempt {
  readonly host: string;
  /** The program asked: `sshd`, `sudo`, `su`, `login`. */
  readonly program: string;
  readonly action: string;
  readonly user: string;
  /** '' where it was tried on the machine itself. */
  readonly address: string;
  /** The program said that there is no such user. */
  readonly isInvalid: boolean;
  readonly time: Micros;
  /** How many tries the entry stands for. */
  readonly count: number;
}

/**
 * Reads login attempts from log entries and counts each once. One failure writes up to four lines (PAM's, the program's
 * own, "Invalid user", and the connection's end), seconds apart, for PAM delays a failure. So of one process's lines
 * each kind is counted by itself, and the attempts are as many as the most frequent kind's lines.
 */
export class LoginAttempts {
  readonly #tallies = new BoundedMap<string, Tally>(10_000);

  /** The attempt an entry tells of, or undefined: it is none, or only another line of one counted already. */
  read(event: LogEvent): (LoginAttempt & {readonly outcome: 'failure' | 'success'}) | undefined {
    const action = textField(event, 'event.action');
    const outcome = textField(event, 'event.outcome');
    if (outcome !== 'failure' && outcome !== 'success') return undefined;
    if (textField(event, 'event.category') !== 'authentication' && !traces.has(action)) return undefined;
    const attempt = attemptOf(event, action);
    // sshd always writes a line of its own that names the address: PAM's may not.
    if (attempt.program.startsWith('sshd') && attempt.address === '') return undefined;
    const count = this.#countNew(event, attempt, outcome);
    return count === 0 ? undefined : {...attempt, outcome, count};
  }

  #countNew(event: LogEvent, attempt: LoginAttempt, outcome: string): number {
    const {host, program, user, time, action} = attempt;
    const together = event.pid === undefined ? 10 * second : 3 * minute;
    const key = `${host}\0${program}\0${outcome}\0${event.pid ?? user}`;
    let tally = this.#tallies.get(key);
    if (tally === undefined || Math.abs(time - tally.last) > together) {
      tally = {last: time, counted: 0, lines: new Map()};
      this.#tallies.set(key, tally);
    }
    const lines = (tally.lines.get(action) ?? 0) + attempt.count;
    if (tally.lines.has(action) || tally.lines.size < mostKinds) tally.lines.set(action, lines);
    tally.last = Math.max(tally.last, time);
    const fresh = Math.max(0, lines - tally.counted);
    tally.counted += fresh;
    return fresh;
  }
}

interface Tally {
  last: Micros;
  counted: number;
  readonly lines: Map<string, number>;
}

const mostKinds = 8;

// Where passwords are off these are all that a guess leaves behind.
const traces: ReadonlySet<string> = new Set(['ssh_invalid_user', 'ssh_closed_before_login']);

function attemptOf(event: LogEvent, action: string): LoginAttempt {
  return {
    host: hostOf(event),
    program: event.provider,
    action,
    user: userOf(event),
    address: textField(event, 'source.ip'),
    isInvalid: event.fields?.['sshd.invalid_user'] === true,
    time: event.time,
    count: Math.max(1, numberField(event, 'event.count') ?? 1),
  };
}
