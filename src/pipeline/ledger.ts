import type {SourceBatch} from '../capture/source.ts';
import type {Conservation} from './snapshot.ts';

/**
 * Counts what became of every event of one source, so that nothing is lost unseen: received = stored + duplicate +
 * filtered + dropped + in flight. In flight is counted by itself, not worked out from the others, so that the equation
 * is a check and not a definition.
 */
export class Ledger {
  received = 0;
  stored = 0;
  duplicate = 0;
  filtered = 0;
  inFlight = 0;
  readonly dropped = new Map<string, number>();

  /** A batch was handed over; its events are in flight from here on. */
  receive(batch: SourceBatch): void {
    this.received += batch.events.length;
    this.inFlight += batch.events.length;
    for (const count of Object.values(batch.filtered ?? {})) {
      this.received += count;
      this.filtered += count;
    }
    for (const [reason, count] of Object.entries(batch.dropped ?? {})) {
      this.received += count;
      this.drop(reason, count);
    }
  }

  /** Events in flight became durable, or were known already. */
  settle(stored: number, duplicate: number): void {
    this.stored += stored;
    this.duplicate += duplicate;
    this.inFlight -= stored + duplicate;
  }

  /** Events in flight were left out on purpose. */
  filter(count: number): void {
    this.filtered += count;
    this.inFlight -= count;
  }

  view(): Conservation {
    return {
      received: this.received,
      stored: this.stored,
      duplicate: this.duplicate,
      filtered: this.filtered,
      dropped: Object.fromEntries(this.dropped),
      inFlight: this.inFlight,
    };
  }

  private drop(reason: string, count: number): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }
}

/** The sum of several sources' accounts. */
export function sumOf(parts: readonly Conservation[]): Conservation {
  const dropped: Record<string, number> = {};
  const total = {received: 0, stored: 0, duplicate: 0, filtered: 0, inFlight: 0};
  for (const part of parts) {
    total.received += part.received;
    total.stored += part.stored;
    total.duplicate += part.duplicate;
    total.filtered += part.filtered;
    total.inFlight += part.inFlight;
    for (const [reason, count] of Object.entries(part.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return {...total, dropped};
}

/** True where the account is exact. */
export function isBalanced(part: Conservation): boolean {
  const dropped = Object.values(part.dropped).reduce((sum, count) => sum + count, 0);
  return part.received === part.stored + part.duplicate + part.filtered + dropped + part.inFlight;
}
