import {hour} from '../../event/clock.ts';
import type {Alert, LogEvent, Micros, Rule} from '../../event/event.ts';
import type {Guessing} from './guessing/guessing.ts';
import {hostOf, numberField, textField, userOf} from './log-field.ts';
import type {LoginAttempt} from './login-attempts.ts';
import type {Burst} from './login-burst.ts';

export function burstAlert(attempt: LoginAttempt, event: LogEvent, burst: Burst, count: number, why = ''): Alert {
  const local = attempt.address === '';
  const whence = local ? `of ${attempt.program} on this machine` : `from ${attempt.address}`;
  const users = burst.listNames();
  return {
    rule: burstRule,
    level: local ? 'low' : 'medium',
    time: attempt.time,
    host: attempt.host,
    entity: local ? nameOf(attempt) : attempt.address,
    reason: `${burst.total} failed logins ${whence} with no pause of ten minutes${users && `, for ${users}`}${why}.`,
    count,
    event,
  };
}

export function sprayAlert(attempt: LoginAttempt, event: LogEvent, spray: Burst, count: number): Alert {
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

/** More addresses guess at once than this machine is used to. */
export function crowdAlert(attempt: LoginAttempt, event: LogEvent, guessing: Guessing, count: number): Alert {
  const [span, usual] = guessing.isUsual(attempt.time)
    ? ['an hour', `about ${aDay(guessing, attempt.time)} a day are usual here`]
    : ['a day', 'none is usual here'];
  return {
    rule: crowdRule,
    time: attempt.time,
    host: attempt.host,
    entity: attempt.host,
    reason: `Many addresses guess at logins within ${span}, the newest ${attempt.address}; ${usual}.`,
    count,
    event,
  };
}

/** What is usual here, told now and then. */
export function usualAlert(attempt: LoginAttempt, event: LogEvent, guessing: Guessing): Alert {
  const {digest} = guessing;
  const hours = Math.round((attempt.time - digest.since) / hour);
  const span = hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
  return {
    rule: usualRule,
    time: attempt.time,
    host: attempt.host,
    entity: attempt.host,
    reason:
      `${digest.failures.toLocaleString('en')} failed logins in ${span} from ${digest.whence()}. That is usual ` +
      `here: about ${aDay(guessing, attempt.time)} addresses a day guess at logins.`,
    count: digest.failures,
    event,
  };
}

export function successAlert(attempt: LoginAttempt, event: LogEvent, after: string): Alert {
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

// A wrong password happens to anyone; to ask for what one may not do is worth a look.
export function sudoFailure(event: LogEvent): Alert {
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

function aDay(guessing: Guessing, time: Micros): string {
  return Math.max(1, Math.round(guessing.aDay(time))).toLocaleString('en');
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

const crowdRule: Rule = {
  id: 'auth.failed.crowd',
  name: 'Many addresses guess at logins',
  level: 'medium',
  category: 'System Log',
  techniques: ['T1110'],
};

const usualRule: Rule = {
  id: 'auth.failed.usual',
  name: 'Usual guessing at logins',
  level: 'low',
  category: 'System Log',
  techniques: ['T1110'],
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
