import type {Micros} from '../../../event/event.ts';

// A FILETIME counts 100 ns since 1601, which a double does not hold exactly: both halves are counted from 1970's.
const epochHigh = 27_111_902;
const epochLow = 3_577_643_008;
/** 2^32 = 10 * 429496729 + 6 */
const microsOfHigh = 429_496_729;
const ticksOfHigh = 6;
const second = 1_000_000;

/** Microseconds since 1970 of the FILETIME that stands there. */
export function fileTimeMicros(bytes: Buffer, at: number): Micros {
  const high = bytes.readUInt32LE(at + 4) - epochHigh;
  const low = bytes.readUInt32LE(at) - epochLow;
  return high * microsOfHigh + Math.floor((high * ticksOfHigh + low) / 10);
}

/** The FILETIME as Windows writes it in XML: `2021-03-31T23:51:45.018767400Z`. */
export function fileTimeText(bytes: Buffer, at: number): string {
  const micros = fileTimeMicros(bytes, at);
  const seconds = Math.floor(micros / second);
  const tick =
    (((bytes.readUInt32LE(at) - epochLow + (bytes.readUInt32LE(at + 4) - epochHigh) * ticksOfHigh) % 10) + 10) % 10;
  const fraction = (micros - seconds * second) * 10 + tick;
  return `${secondText(seconds)}.${String(fraction).padStart(7, '0')}00Z`;
}

let lastSecond = Number.NaN;
let lastText = '';

/** `2021-03-31T23:51:45`. Events come in the order of their times, so the last answer is often the next one. */
function secondText(seconds: number): string {
  if (seconds !== lastSecond) {
    lastText = new Date(seconds * 1000).toISOString().slice(0, -5);
    lastSecond = seconds;
  }
  return lastText;
}

/** A SYSTEMTIME, which may be no possible date and is shown as it stands. */
export function systemTimeText(bytes: Buffer, at: number): string {
  const part = (index: number, digits: number) => String(bytes.readUInt16LE(at + index * 2)).padStart(digits, '0');
  const date = `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}`;
  return `${date}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}
