import type {Settings} from '../../config/settings.ts';
import type {Alert, Event, LogEvent, Rule} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {hostOf, numberField, textField, userOf} from './log-field.ts';
import {type LoginAttempt, LoginAttempts} from './login-attempts.ts';
import {Burst, type SavedBurst} from './login-burst.ts';

/**
 * Failed logins: bursts from one address (or, on the machine itself, of one program's user), one user tried from many
 * addresses, and a success after either.
 */
export class FailedLogins implements Detector {
  readonly id = 'auth.failed';
  readonly #limit: number;
  readonly #attempts = new LoginAttempts();
  /** By address, or by program and user where there is none. */
  readonly #bursts = new BoundedMap<string, Burst>(10_000);
  /** By user, of the addresses that tried. */
  readonly #sprays = new BoundedMap<string, Burst>(2_000);

  constructor(settings: Pick<Settings['detect'], 'failed_logins'>) {
    this.#limit = settings.failed_logins;
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.kind !== 'log' || event.fields === undefined) continue;
      if (isSudoFailure(event)) alerts.push(sudoFailure(event));
      const attempt = this.#attempts.read(event);
      if (attempt === undefined) continue;
      if (attempt.outcome === 'failure') this.#onFailure(attempt, event, alerts);
      else this.#onSuccess(attempt, event, alerts);
    }
    return alerts;
  }

  save(): SavedState {
    return {bursts: saved(this.#bursts), sprays: saved(this.#sprays)};
  }

  restore(state: unknown): void {
    const {bursts = [], sprays = []} = (state ?? {}) as Partial<SavedState>;
    for (const [key, burst] of bursts) this.#bursts.set(key, new Burst(this.#limit, burst));
    for (const [key, burst] of sprays) this.#sprays.set(key, new Burst(this.#limit, burst));
  }

  #onFailure(attempt: LoginAttempt, event: LogEvent, alerts: Alert[]): void {
    const burst = this.#bursts.getOrAdd(burstKey(attempt), () => new Burst(this.#limit));
    const count = burst.add(attempt.time, attempt.user, attempt.count);
    if (count > 0) alerts.push(burstAlert(attempt, event, burst, count));
    if (attempt.address === '' || attempt.user === '') return;
    const spray = this.#sprays.getOrAdd(sprayKey(attempt), () => new Burst(this.#limit));
    const tries = spray.addDistinct(attempt.time, attempt.address, attempt.count);
    if (tries > 0) alerts.push(sprayAlert(attempt, event, spray, tries));
  }

  #onSuccess(attempt: LoginAttempt, event: LogEvent, alerts: Alert[]): void {
    const burst = this.#bursts.get(burstKey(attempt));
    if (burst?.isRecent(attempt.time)) {
      alerts.push(successAlert(attempt, event, `${burst.total} failed logins`));
      return;
    }
    // An admin's own address is no suspect for others having tried the admin's name.
    const spray = attempt.address === '' ? undefined : this.#sprays.get(sprayKey(attempt));
    if (spray?.isRecent(attempt.time) && spray.knows(attempt.address)) {
      alerts.push(successAlert(attempt, event, `${spray.total} failed logins from ${spray.distinct} addresses`));
    }
  }
}

interface SavedState {
  readonly bursts: readonly (readonly [key: string, burst: SavedBurst])[];
  readonly sprays: readonly (readonly [key: string, burst: SavedBurst])[];
}

/** The newest, as many as a restart needs: older ones have ended by then. */
function saved(bursts: BoundedMap<string, Burst>): [string, SavedBurst][] {
  return [...bursts.entries()].slice(-500).map(([key, burst]) => [key, burst.toJson()]);
}

function burstKey({host, address, program, user}: LoginAttempt): string {
  return address === '' ? `${host}\0${program}\0${user}` : `${host}\0${address}`;
}

function sprayKey({host, user}: LoginAttempt): string {
  return `${host}\0${user}`;
}

function burstAlert(attempt: LoginAttempt, event: LogEvent, burst: Burst, count: number): Alert {
  const local = attempt.address === '';
  const whence = local ? `of ${attempt.program} on this machine` : `from ${attempt.address}`;
  const users = burst.listNames();
  return {
    rule: burstRule,
    level: local ? 'low' : 'medium',
    time: attempt.time,
    host: attempt.host,
    entity: local ? nameOf(attempt) : attempt.address,
    reason: `${burst.total} failed logins ${whence} with no pause of ten minutes${users && `, for ${users}`}.`,
    count,
    event,
  };
}

function sprayAlert(attempt: LoginAttempt, event: LogEvent, spray: Burst, count: number): Alert {
  return {
    rule: sprayRule,
    time: attempt.time,
    host: attempt.host,
    entity: attempt.user,
    reason: `${spray.total} failed logins of ${attempt.user} from ${spray.distinct} addresses within ten minutes: ${spray.listNames()}.`,
    count,
    event,
  };
}

function successAlert(attempt: LoginAttempt, event: LogEvent, after: string): Alert {
  const local = attempt.address === '';
  return {
    rule: successRule,
    level: local ? 'medium' : 'high',
    time: attempt.time,
    host: attempt.host,
    entity: local ? nameOf(attempt) : attempt.address,
    reason: `${nameOf(attempt)} got in${local ? ` by ${attempt.program}` : ` from ${attempt.address}`} after ${after} within half an hour: the password may have been guessed.`,
    count: 1,
    event,
  };
}

function isSudoFailure(event: LogEvent): boolean {
  return textField(event, 'event.action') === 'sudo' && textField(event, 'event.outcome') === 'failure';
}

// A wrong password happens to anyone; to ask for what one may not do is worth a look.
function sudoFailure(event: LogEvent): Alert {
  const user = userOf(event) || 'an unknown user';
  const refused = textField(event, 'event.category') !== 'authentication';
  const count = Math.max(1, numberField(event, 'event.count') ?? 1);
  const tries = count > 1 ? `${count} times` : 'once';
  return {
    rule: sudoRule,
    level: refused ? 'medium' : 'low',
    time: event.time,
    host: hostOf(event),
    entity: user,
    reason: refused
      ? `${user} was refused by sudo: ${refusalOf(event)}.`
      : `${user} gave sudo a wrong password ${tries}.`,
    count: refused ? 1 : count,
    event,
  };
}

function refusalOf(event: LogEvent): string {
  const reason = textField(event, 'event.reason') || event.message;
  return reason.length > 200 ? `${reason.slice(0, 200)}…` : reason;
}

function nameOf(attempt: LoginAttempt): string {
  return attempt.user || 'an unknown user';
}

const burstRule: Rule = {
  id: 'auth.failed.burst',
  name: 'Burst of failed logins',
  level: 'medium',
  category: 'System Log',
  techniques: ['T1110.001'],
};

const sprayRule: Rule = {
  id: 'auth.failed.spray',
  name: 'One user tried from many addresses',
  level: 'medium',
  category: 'System Log',
  techniques: ['T1110.003'],
};

const successRule: Rule = {
  id: 'auth.success.after-failures',
  name: 'Login after a burst of failures',
  level: 'high',
  category: 'System Log',
  techniques: ['T1110.001', 'T1078'],
};

const sudoRule: Rule = {
  id: 'auth.sudo.failed',
  name: 'Failed sudo',
  level: 'low',
  category: 'System Log',
  techniques: ['T1548.003'],
};
