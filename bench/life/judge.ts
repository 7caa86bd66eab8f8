import {hour, minute} from '../../src/event/clock.ts';
import type {Alert, Event, Micros} from '../../src/event/event.ts';
import {eventKey} from './events.ts';
import type {LifeItem, Phase} from './item.ts';
import {ordinary} from './item.ts';

const grace = 15 * minute;
const mostWords = 400;

/**
 * Knows which events an attack made, and says of an alert which phase it saw. An alert that names its event is judged by
 * that event alone; a metric by time and by whether the phase moves it; one without an event (a count of an hour, a
 * silence) by time and by whether it speaks of something that the phase touched.
 */
export class Judge {
  readonly #attackEvents = new Map<string, number>();
  /** By phase: sources, programs, addresses that its events name. */
  readonly #touched = new Map<number, Set<string>>();

  note(item: LifeItem, event: Event): void {
    if (item.phase === ordinary) return;
    this.#attackEvents.set(eventKey(event), item.phase);
    const words = this.#touched.get(item.phase) ?? new Set();
    this.#touched.set(item.phase, words);
    for (const word of wordsOf(event)) if (words.size < mostWords) words.add(word);
  }

  /** The index of the phase that the alert saw, or undefined for a false alert. To be asked when the week is over. */
  phaseOf(alert: Alert, phases: readonly Phase[]): number | undefined {
    const {event} = alert;
    if (event === undefined) return this.#byTouch(alert, phases);
    const made = this.#attackEvents.get(eventKey(event));
    if (made !== undefined) return isWithin(alert.time, phases[made], 0) ? made : undefined;
    if (event.kind !== 'metric') return undefined;
    return indexWhere(phases, phase => isWithin(alert.time, phase, 0) && moves(phase, event.name));
  }

  #byTouch(alert: Alert, phases: readonly Phase[]): number | undefined {
    const said = `${alert.entity}\n${alert.reason}\n${Object.values(alert.fields ?? {}).join('\n')}`;
    return indexWhere(phases, (phase, index) => {
      // What an hour's count shows is known when the hour is over.
      if (!isWithin(alert.time, phase, hour)) return false;
      const touched = this.#touched.get(index) ?? new Set<string>();
      return [...touched].some(word => holdsWord(said, word)) || phase.effects.some(effect => said.includes(effect));
    });
  }
}

function* wordsOf(event: Event): Generator<string> {
  yield event.origin.source;
  if (event.kind === 'log') {
    yield event.provider;
    const address = event.fields?.['source.ip'];
    if (typeof address === 'string') yield address;
  } else if (event.kind === 'flow') {
    yield event.sourceIp;
    yield event.destinationIp;
  }
}

function holdsWord(text: string, word: string): boolean {
  const at = text.indexOf(word);
  return at >= 0 && !/[\w.-]/.test(text[at - 1] ?? ' ') && !/[\w-]/.test(text[at + word.length] ?? ' ');
}

function moves(phase: Phase, metric: string): boolean {
  return phase.effects.some(effect => metric.startsWith(effect));
}

function isWithin(time: Micros, phase: Phase | undefined, longer: Micros): boolean {
  return phase !== undefined && time >= phase.from - minute && time <= phase.to + grace + longer;
}

function indexWhere(phases: readonly Phase[], holds: (phase: Phase, index: number) => boolean): number | undefined {
  const index = phases.findIndex(holds);
  return index < 0 ? undefined : index;
}
