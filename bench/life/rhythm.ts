import {day, hour} from '../../src/event/clock.ts';
import type {Micros} from '../../src/event/event.ts';
import type {Host} from './host.ts';
import type {Script} from './simulation.ts';

/** How much people do at this time, 0 to 1: little at night, most before noon, a third at weekends. */
export function activity(now: Micros): number {
  const clock = hourOf(now);
  const bell = Math.exp(-(((clock - 11) / 3) ** 2)) + 0.85 * Math.exp(-(((clock - 15.5) / 3) ** 2));
  const evening = 0.35 * Math.exp(-(((clock - 20.5) / 2) ** 2));
  const weekday = new Date(now / 1000).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  return Math.min(1, 0.06 + (bell + evening) * (weekend ? 0.35 : 1));
}

/** Hours and their fraction since midnight. */
export function hourOf(now: Micros): number {
  return (now % day) / hour;
}

export type Act = (host: Host) => Script | undefined;

/** Does something at random times, `perHour` at the busiest; `rhythm` false where the hour does not matter. */
export function* nowAndThen(host: Host, perHour: number, rhythm: boolean, act: Act): Script {
  if (perHour <= 0) return;
  for (;;) {
    yield host.random.exponential(3_600 / perHour);
    if (rhythm && !host.chance(activity(host.now))) continue;
    begin(host, act);
  }
}

/** Does something every so many seconds, give or take `jitter`. */
export function* regularly(host: Host, seconds: number, jitter: number, act: Act): Script {
  yield host.random.next() * seconds;
  for (;;) {
    begin(host, act);
    yield seconds + (host.random.next() - 0.5) * 2 * jitter;
  }
}

/** Does something each day at this hour (6.25 is a quarter past six), or on one day of the week (0 is Sunday). */
export function* daily(host: Host, at: number, jitterSeconds: number, act: Act, weekday?: number): Script {
  for (;;) {
    yield secondsUntil(host.now, at) + host.random.next() * jitterSeconds;
    if (weekday === undefined || new Date(host.now / 1000).getUTCDay() === weekday) begin(host, act);
    yield 1 + jitterSeconds;
  }
}

/** Seconds to the next time that the clock shows this hour. */
export function secondsUntil(now: Micros, at: number): number {
  const left = at * hour - (now % day);
  return (left > 0 ? left : left + day) / 1e6;
}

function begin(host: Host, act: Act): void {
  const script = act(host);
  if (script) host.start(script);
}
