import {HourProfile} from './hour-profile.ts';
import {ValueSlot} from './value-slot.ts';

/** What is known of one log statement on one machine, or of one user's part of it. */
export class Statement {
  readonly hours = new HourProfile();
  readonly slots: (ValueSlot | undefined)[] = [];
  /** How often it came. */
  count = 0;
  /** When it was last met, in the memory's own time. */
  used = 0;

  slot(index: number): ValueSlot {
    const known = this.slots[index];
    if (known) return known;
    const slot = new ValueSlot();
    this.slots[index] = slot;
    return slot;
  }

  /** How many values are held in all places. */
  get size(): number {
    return this.slots.reduce((sum, slot) => sum + (slot?.size ?? 0), 0);
  }

  snapshot(): Int32Array {
    const numbers = [this.count, ...this.hours.snapshot(), this.slots.filter(Boolean).length];
    this.slots.forEach((slot, index) => {
      numbers.push(index);
      slot?.write(numbers);
    });
    return Int32Array.from(numbers);
  }

  restore(numbers: Int32Array): void {
    this.count = numbers[0] ?? 0;
    this.hours.restore([...numbers.subarray(1, 25)]);
    let at = 26;
    for (let left = numbers[25] ?? 0; left > 0 && at < numbers.length; left--) {
      at = this.slot(numbers[at] ?? 0).restore(numbers, at + 1);
    }
  }
}
