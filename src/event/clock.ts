import type {Micros} from './event.ts';

/** The wall clock, passed in wherever a test needs to hold it. */
export type Clock = () => Micros;

export const systemClock: Clock = () => Date.now() * 1000;

export const second: Micros = 1_000_000;
export const minute: Micros = 60 * second;
export const hour: Micros = 60 * minute;
export const day: Micros = 24 * hour;
