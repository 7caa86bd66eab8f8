import {fold} from '../match/fold.ts';
import type {SigmaEvent, SigmaValue} from '../value.ts';
import type {Correlated} from './correlator.ts';

/** A correlation's finding as an event for the next: the last event's fields, and the group's under their names. */
export class CorrelatedEvent implements SigmaEvent {
  readonly time: number;
  readonly host: string;
  readonly last: SigmaEvent | undefined;
  readonly #group: ReadonlyMap<string, string>;

  constructor({node, time, group}: Correlated, last: SigmaEvent | undefined) {
    this.time = time;
    this.host = last?.host ?? '';
    this.last = last;
    this.#group = new Map(node.groupBy.map((name, index) => [fold(name), group[index] ?? '']));
  }

  get(field: string): SigmaValue | undefined {
    return this.#group.get(field) ?? this.last?.get(field);
  }

  texts(): readonly string[] {
    return this.last?.texts() ?? [];
  }
}
