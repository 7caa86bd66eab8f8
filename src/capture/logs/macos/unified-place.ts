import {createHash} from 'node:crypto';
import type {Micros} from '../../../event/event.ts';
import type {JsonRecord} from '../parse/json-line.ts';

/** Names a message for ever: `log stream` and `log show` give the same. */
export interface UnifiedPlace {
  readonly epoch: string;
  readonly position: number;
}

/** Positions from here on are hashes. */
const hashes = 2 ** 52;
/** How many messages are remembered, to drop what comes a second time. */
const mostRemembered = 50_000;

/**
 * Gives messages their places and finds those that come again. A place is the machine's tick when the message was
 * written, within the run of the system (bootUUID); threads of one tick are told apart by a hash.
 */
export class UnifiedPlaces {
  /** Fingerprints by places. */
  readonly #known = new Map<string, number>();

  /** Undefined where this very message was here already. */
  take(record: JsonRecord, time: Micros): UnifiedPlace | undefined {
    const fingerprint = fingerprintOf(record, time);
    const place = placeOf(record, fingerprint);
    const known = this.#known.get(nameOf(place));
    if (known === undefined) return this.#remember(place, fingerprint);
    if (known === fingerprint) return undefined;
    // Another thread wrote in the same tick.
    const second = {...place, position: hashes + fingerprint};
    return this.#known.has(nameOf(second)) ? undefined : this.#remember(second, fingerprint);
  }

  #remember(place: UnifiedPlace, fingerprint: number): UnifiedPlace {
    if (this.#known.size >= mostRemembered) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    this.#known.set(nameOf(place), fingerprint);
    return place;
  }
}

function nameOf({epoch, position}: UnifiedPlace): string {
  return `${epoch} ${position}`;
}

function placeOf({bootUUID, machTimestamp}: JsonRecord, fingerprint: number): UnifiedPlace {
  const boot = typeof bootUUID === 'string' && bootUUID !== '' ? bootUUID.slice(0, 64) : 'boot';
  const tick = tickOf(machTimestamp);
  if (tick === undefined) return {epoch: boot, position: hashes + fingerprint};
  const turn = tick / BigInt(hashes);
  return {epoch: turn === 0n ? boot : `${boot}.${turn}`, position: Number(tick % BigInt(hashes))};
}

function tickOf(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? BigInt(value) : undefined;
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

/** 48 bits of who wrote what, when. */
function fingerprintOf({threadID, processID, eventMessage}: JsonRecord, time: Micros): number {
  const text = `${threadID} ${processID} ${time} ${eventMessage}`;
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}
