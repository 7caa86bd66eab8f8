import type {Micros} from '../../../event/event.ts';
import {FadedCount} from './faded-count.ts';
import {HourProfile} from './hour-profile.ts';
import {ValueSlot} from './value-slot.ts';

const hours = 24;

/** What is known of one log statement on one machine, of all of one program's, or of one user's part of either. */
export class Statement {
  readonly hours = new HourProfile();
  readonly lately = new FadedCount();
  readonly slots: (ValueSlot | undefined)[] = [];
  /** How often it came. */
  count = 0;
  /** When it was last met, in the memory's own time. */
  used = 0;

  /** How many values are held in all places. */
  get size(): number {
    return this.slots.reduce((sum, slot) => sum + (slot?.size ?? 0), 0);
  }

  /** Learns the value of one place; says how surprising it is that it is new, in nats. */
  learn(index: number, hash: number, time: Micros): number {
    return this.slot(index).learn(hash, this.lately.at(time), time);
  }

  /** Notes that it came. After the values of this time are learned. */
  note(time: Micros): void {
    this.count += 1;
    this.lately.add(time);
    this.hours.learn(time);
  }

  snapshot(): Int32Array {
    const [value, time] = this.lately.snapshot();
    const numbers = [this.count, Math.round(value * 1_000), Math.round(time / 1e6), ...this.hours.snapshot()];
    numbers.push(this.slots.filter(Boolean).length);
    this.slots.forEach((slot, index) => {
      numbers.push(index);
      slot?.write(numbers);
    });
    return Int32Array.from(numbers);
  }

  restore(numbers: Int32Array): void {
    this.count = numbers[0] ?? 0;
    this.lately.restore([(numbers[1] ?? 0) / 1_000, (numbers[2] ?? 0) * 1e6]);
    this.hours.restore([...numbers.subarray(3, 3 + hours)]);
    let at = 4 + hours;
    for (let left = numbers[3 + hours] ?? 0; left > 0 && at < numbers.length; left--) {
      at = this.slot(numbers[at] ?? 0).restore(numbers, at + 1);
    }
  }

  private slot(index: number): ValueSlot {
    const known = this.slots[index];
    if (known) return known;
    const slot = new ValueSlot();
    this.slots[index] = slot;
    return slot;
  }
}
