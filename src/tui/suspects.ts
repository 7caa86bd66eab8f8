import {isIP} from 'node:net';
import type {AlertGroup} from '../store/sink.ts';
import {remember} from './remember.ts';

/**
 * The addresses that open alerts are about: what the alert is about where that is an address, else where its event came
 * from. The same object for the same alerts.
 */
export const suspectsOf = remember((alerts: readonly AlertGroup[]): ReadonlySet<string> => {
  const suspects = new Set<string>();
  for (const {status, entity, event} of alerts) {
    if (status !== 'open') continue;
    const source = event['source.ip'];
    if (isIP(entity) !== 0) suspects.add(entity);
    else if (typeof source === 'string') suspects.add(source);
  }
  return suspects;
}, 2);
