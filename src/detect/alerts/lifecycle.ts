import type {AlertChange, AlertStatus} from '../../event/alert-group.ts';
import {isoTime} from '../../event/ecs.ts';
import type {Micros} from '../../event/event.ts';

/**
 * The status an alert has after one more step of its life. A comment changes nothing; what is closed is only opened
 * again by `reopen`, so that a late acknowledgement cannot undo a verdict.
 */
export function statusAfter(status: AlertStatus, change: AlertChange): AlertStatus {
  switch (change.action) {
    case 'acknowledge':
    case 'suppress':
      return status === 'closed' ? 'closed' : 'acknowledged';
    case 'close':
      return 'closed';
    case 'reopen':
      return 'open';
    case 'comment':
      return status;
    default:
      return change.action satisfies never;
  }
}

/**
 * The change that suppresses an alert until a time: whatever its rule finds about its entity before then is counted in
 * it, and begins no new alert. The time stands first in the note, where a person reads it too.
 */
export function suppression(
  alert: string,
  actor: string,
  time: Micros,
  until: Micros,
  because = '',
): AlertChange & {readonly action: 'suppress'} {
  return {alert, actor, time, action: 'suppress', note: `until ${isoTime(until)}${because && `: ${because}`}`};
}

/** Until when a change suppresses, or undefined where it does not. */
export function suppressedUntil(change: AlertChange): Micros | undefined {
  if (change.action !== 'suppress') return undefined;
  const named = /^until (\S+?Z)(?::|$)/.exec(change.note ?? '')?.[1];
  const milliseconds = named === undefined ? Number.NaN : Date.parse(named);
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1000;
}
