import type {Micros} from './event.ts';

/** The moment that `isoTime` writes, to the microsecond; NaN where it is no such text. JavaScript alone reads milliseconds. */
export function isoMicros(text: string): Micros {
  const millis = Date.parse(text);
  const rest = /\.\d{3}(\d{3})Z$/.exec(text)?.[1];
  return millis * 1000 + (rest === undefined ? 0 : Number(rest));
}
