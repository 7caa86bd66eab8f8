import {createHash} from 'node:crypto';
import type {Event, Origin} from './event.ts';

/**
 * `event.id`: 128 bits over (agent, source, epoch, position) as 32 hexadecimal digits. A pure function of what is
 * stored, so it is computed when an event is shown and costs no space and no random index.
 */
export function eventId(event: Pick<Event, 'origin' | 'position'>): string {
  return idOf(event.origin, event.position);
}

export function idOf(origin: Pick<Origin, 'agent' | 'source' | 'epoch'>, position: number): string {
  return hash128(origin.agent, origin.source, origin.epoch, String(position));
}

/** An alert's id: 128 bits over (rule, host, entity, first event's time), and the cause where causes stand alone. */
export function alertId(rule: string, host: string, entity: string, first: number, cause?: string): string {
  return hash128('alert', rule, host, entity, String(first), ...(cause === undefined ? [] : [cause]));
}

/** The first 128 bits of SHA-256 over the parts, each preceded by its length so that no two lists collide. */
export function hash128(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 32);
}
