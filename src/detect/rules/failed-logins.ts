import type {Settings} from '../../config/settings.ts';
import type {Alert, Event, LogEvent} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {addressKind, isInside} from '../surprise/flows/address-kind.ts';
import {burstAlert, crowdAlert, sprayAlert, successAlert, sudoFailure, usualAlert} from './failed-login-alerts.ts';
import {Guessing, type SavedGuessing} from './guessing/guessing.ts';
import {textField} from './log-field.ts';
import {type LoginAttempt, LoginAttempts} from './login-attempts.ts';
import {Burst, type SavedBurst} from './login-burst.ts';

/**
 * Failed logins: bursts from one address (or, on the machine itself, of one program's user), one user tried from many
 * addresses, and a success after either. Where guessing is what the machine has every day, the usual of it is told of
 * after a day and then once a week, and by itself only what is not: a source that guesses far more than any did lately, guesses at a user
 * there is whom strangers don't try all the time, far more addresses than usual. Inside and outside are kept apart.
 */
export class FailedLogins implements Detector {
  readonly id = 'auth.failed';
  readonly #limit: number;
  readonly #attempts = new LoginAttempts();
  /** By address, or by program and user where there is none. */
  readonly #bursts = new BoundedMap<string, Burst>(10_000);
  /** By user, of the addresses that tried. */
  readonly #sprays = new BoundedMap<string, Burst>(2_000);
  /** By address and user, of users there are. */
  readonly #targets = new BoundedMap<string, Burst>(2_000);
  /** Bursts and sprays that are told of by themselves or as part of a crowd, not with what is usual. */
  readonly #told = new BoundedMap<string, 'own' | 'crowd'>(10_000);
  /** Who got in lately. */
  readonly #users = new BoundedMap<string, true>(2_000);
  /** By machine, of inside or outside. */
  readonly #guessing = new BoundedMap<string, Guessing>(500);

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
    return {
      bursts: saved(this.#bursts),
      sprays: saved(this.#sprays),
      targets: saved(this.#targets),
      told: [...this.#told.entries()].slice(-mostSaved),
      users: [...this.#users.entries()].map(([key]) => key),
      guessing: [...this.#guessing.entries()].map(([key, guessing]) => [key, guessing.toJson()]),
    };
  }

  restore(state: unknown): void {
    const {
      bursts = [],
      sprays = [],
      targets = [],
      told = [],
      users = [],
      guessing = [],
    } = (state ?? {}) as Partial<SavedState>;
    for (const [key, burst] of bursts) this.#bursts.set(key, new Burst(this.#limit, burst));
    for (const [key, burst] of sprays) this.#sprays.set(key, new Burst(this.#limit, burst));
    for (const [key, burst] of targets) this.#targets.set(key, new Burst(this.#limit, burst));
    for (const [key, how] of told) this.#told.set(key, how);
    for (const key of users) this.#users.set(key, true);
    for (const [key, one] of guessing) this.#guessing.set(key, new Guessing(this.#limit, one.first, one));
  }

  #onFailure(attempt: LoginAttempt, event: LogEvent, alerts: Alert[]): void {
    const burst = this.#bursts.getOrAdd(burstKey(attempt), () => new Burst(this.#limit));
    const count = burst.add(attempt.time, attempt.user, attempt.count);
    if (attempt.address === '') {
      if (count > 0) alerts.push(burstAlert(attempt, event, burst, count));
      return;
    }
    const guessing = this.#guessingOf(attempt);
    const target = this.#isTarget(attempt, guessing);
    if (count > 0) this.#onBurst(attempt, event, alerts, {guessing, burst, count, target});
    const spray = this.#onSpray(attempt, event, alerts, guessing);
    if (spray === 'usual' && count === 0) guessing.digest.add(attempt.time, attempt.address, attempt.count);
    if (spray !== 'none' || count > 0) guessing.noteName(attempt.user, attempt.time);
    if (guessing.isDue(attempt.time)) {
      alerts.push(usualAlert(attempt, event, guessing));
      guessing.digestTold();
    }
  }

  #onBurst(attempt: LoginAttempt, event: LogEvent, alerts: Alert[], found: FoundBurst): void {
    const {guessing, burst, count, target} = found;
    const {time} = attempt;
    const key = burstKey(attempt);
    const begins = burst.total === count;
    if (begins) this.#told.delete(key);
    const usual = guessing.isUsual(time);
    const crowd = begins && guessing.noteBurst(time);
    const loud = guessing.isLoud(time, burst.total);
    const told = this.#told.get(key);
    if (target || told === 'own' || (usual ? loud : begins && !crowd)) {
      this.#told.set(key, 'own');
      alerts.push(burstAlert(attempt, event, burst, count, usual && loud ? far : ''));
    } else if (crowd || told === 'crowd') {
      this.#told.set(key, 'crowd');
      alerts.push(crowdAlert(attempt, event, guessing, count));
    } else guessing.digest.add(time, attempt.address, count);
  }

  /** Whether the failure belongs to a spray: one told of by itself, or one that is as usual here. */
  #onSpray(attempt: LoginAttempt, event: LogEvent, alerts: Alert[], guessing: Guessing): 'none' | 'own' | 'usual' {
    if (attempt.user === '') return 'none';
    const {time, user} = attempt;
    const key = sprayKey(attempt);
    const spray = this.#sprays.getOrAdd(key, () => new Burst(this.#limit));
    const tries = spray.addDistinct(time, attempt.address, attempt.count);
    if (tries === 0) return 'none';
    const begins = spray.total === tries;
    if (begins) this.#told.delete(key);
    // Names that are not there, tried by many who try all names, are no spray on anyone.
    const many = guessing.isUsual(time) || guessing.isCrowded(time);
    const usual = many && (!this.#exists(attempt) || guessing.isUsualName(user, time));
    const wide = guessing.isWide(time, spray.distinct);
    if (begins) guessing.noteSpray(time);
    if (usual && !wide && !this.#told.has(key)) return 'usual';
    this.#told.set(key, 'own');
    alerts.push(sprayAlert(attempt, event, spray, tries));
    return 'own';
  }

  /** Whether one address guesses at a user there is, whom strangers don't try all the time. */
  #isTarget(attempt: LoginAttempt, guessing: Guessing): boolean {
    if (!this.#exists(attempt) || guessing.isUsualName(attempt.user, attempt.time)) return false;
    const target = this.#targets.getOrAdd(`${burstKey(attempt)}\0${attempt.user}`, () => new Burst(this.#limit));
    return target.add(attempt.time, '', attempt.count) > 0;
  }

  #onSuccess(attempt: LoginAttempt, event: LogEvent, alerts: Alert[]): void {
    this.#users.set(sprayKey(attempt), true);
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

  /** sshd says which users there are not; of other programs' users those are known that once got in. */
  #exists(attempt: LoginAttempt): boolean {
    if (attempt.user === '' || attempt.isInvalid) return false;
    return attempt.program.startsWith('sshd') || this.#users.has(sprayKey(attempt));
  }

  #guessingOf({host, address, time}: LoginAttempt): Guessing {
    const side = isInside(addressKind(address)) ? 'inside' : 'outside';
    return this.#guessing.getOrAdd(`${host}\0${side}`, () => new Guessing(this.#limit, time));
  }
}

interface FoundBurst {
  readonly guessing: Guessing;
  readonly burst: Burst;
  readonly count: number;
  readonly target: boolean;
}

interface SavedState {
  readonly bursts: readonly (readonly [key: string, burst: SavedBurst])[];
  readonly sprays: readonly (readonly [key: string, burst: SavedBurst])[];
  readonly targets: readonly (readonly [key: string, burst: SavedBurst])[];
  readonly told: readonly (readonly [key: string, how: 'own' | 'crowd'])[];
  readonly users: readonly string[];
  readonly guessing: readonly (readonly [key: string, guessing: SavedGuessing])[];
}

const mostSaved = 500;
const far = ': far more than any address guesses here';

/** The newest, as many as a restart needs: older ones have ended by then. */
function saved(bursts: BoundedMap<string, Burst>): [string, SavedBurst][] {
  return [...bursts.entries()].slice(-mostSaved).map(([key, burst]) => [key, burst.toJson()]);
}

function burstKey({host, address, program, user}: LoginAttempt): string {
  return address === '' ? `${host}\0${program}\0${user}` : `${host}\0${address}`;
}

function sprayKey({host, user}: LoginAttempt): string {
  return `${host}\0\0${user}`;
}

function isSudoFailure(event: LogEvent): boolean {
  return textField(event, 'event.action') === 'sudo' && textField(event, 'event.outcome') === 'failure';
}
