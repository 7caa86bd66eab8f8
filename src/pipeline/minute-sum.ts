import {second} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';

const step: Micros = 10 * second;
const steps = 6;

/** Bytes and packets of the last minute, in steps of ten seconds. */
export class MinuteSum {
  readonly #bytes = [0, 0, 0, 0, 0, 0];
  readonly #packets = [0, 0, 0, 0, 0, 0];
  /** The newest step that was counted in. */
  #at = 0;

  add(time: Micros, bytes: number, packets: number): void {
    const at = Math.floor(time / step);
    if (at <= this.#at - steps) return;
    for (let empty = Math.max(this.#at + 1, at - steps + 1); empty <= at; empty++) {
      this.#bytes[empty % steps] = 0;
      this.#packets[empty % steps] = 0;
    }
    this.#at = Math.max(this.#at, at);
    this.#bytes[at % steps] = (this.#bytes[at % steps] ?? 0) + bytes;
    this.#packets[at % steps] = (this.#packets[at % steps] ?? 0) + packets;
  }

  bytes(now: Micros): number {
    return this.#sum(this.#bytes, now);
  }

  packets(now: Micros): number {
    return this.#sum(this.#packets, now);
  }

  #sum(of: readonly number[], now: Micros): number {
    let sum = 0;
    const oldest = Math.max(Math.floor(now / step) - steps + 1, this.#at - steps + 1, 0);
    for (let at = oldest; at <= this.#at; at++) sum += of[at % steps] ?? 0;
    return sum;
  }
}
