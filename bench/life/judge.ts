import {isIP} from 'node:net';
import {hour, minute} from '../../src/event/clock.ts';
import type {Alert, Event, Micros} from '../../src/event/event.ts';
import {eventKey} from './events.ts';
import type {LifeItem, Phase} from './item.ts';
import {ordinary} from './item.ts';

const grace = 15 * minute;
const mostWords = 400;
/** Of a program's entries, so many are what a count of an hour may show. */
const leastOfMany = 10;

/**
 * Knows which events an attack made, and says of an alert which phase it saw. An alert that names its event is judged by
 * that event alone; a metric by time and by whether the phase moves it; one without an event (a count of an hour, a
 * silence) by time and by whether it speaks of something that the phase touched.
 */
export class Judge {
  readonly #own: string | undefined;
  readonly #attackEvents = new Map<string, number>();
  /** By phase: how many of its events name a source, a program, an address. */
  readonly #touched = new Map<number, Map<string, number>>();

  /** `own`: the machine's own address, which says nothing about who did it. */
  constructor(own?: string) {
    this.#own = own;
  }

  note(item: LifeItem, event: Event): void {
    if (item.phase === ordinary) return;
    this.#attackEvents.set(eventKey(event), item.phase);
    const words = this.#touched.get(item.phase) ?? new Map<string, number>();
    this.#touched.set(item.phase, words);
    for (const word of wordsOf(event)) {
      const known = words.get(word);
      if (word !== this.#own && (known !== undefined || words.size < mostWords)) words.set(word, (known ?? 0) + 1);
    }
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
      const touched = [...(this.#touched.get(index) ?? [])];
      return touched.some(([word, count]) => isTelling(word, count) && holdsWord(said, word)) || names(said, phase);
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

/** An address tells by itself; a program or a source that others use too only by how much of it there was. */
function isTelling(word: string, count: number): boolean {
  return isIP(word) !== 0 || count >= leastOfMany;
}

function names(said: string, phase: Phase): boolean {
  return phase.effects.some(effect => said.includes(effect));
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
