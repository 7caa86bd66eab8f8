import {entry, ordinaryLife} from '../src/detect/surprise/generated-life.ts';
import type {LogEvent} from '../src/event/event.ts';

/** Of one server's ordinary life. */
const programsALife = 5;

/** Programs that write at the same time: the ordinary life of several servers' services under names of their own. */
export function interleavedPrograms(programs: number, count: number): LogEvent[] {
  const lives = Array.from({length: programs / programsALife}, (_, number) => ordinaryLife(number + 1));
  const events: LogEvent[] = [];
  for (let at = 0; at < count; at++) {
    const number = at % lives.length;
    const event = lives[number]?.next().value as LogEvent | undefined;
    if (!event) break;
    events.push(entry(`${event.provider}-${number}`, event.message, event.pid, event.time, at));
  }
  return events;
}
