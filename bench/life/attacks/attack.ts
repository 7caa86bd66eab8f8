import type {Facts, Person} from '../facts.ts';
import type {Host} from '../host.ts';
import type {Script} from '../simulation.ts';

/** Who attacks, the same through a whole week. */
export interface Intruder {
  /** Where the intruder comes from, and where stolen things and beacons go. */
  readonly address: string;
  readonly control: string;
  /** Whose account is used. */
  readonly victim: Person;
  readonly key: string;
}

export interface Attack {
  readonly name: string;
  /** ATT&CK ids, separated by a space. */
  readonly technique: string;
  /** Where in an intrusion it stands: 1 getting in, 2 staying and rising, 3 looking around, 4 the harm. */
  readonly stage: 1 | 2 | 3 | 4;
  /** Beginnings of the names of the metrics that it moves, and the sources that it silences. */
  readonly effects: readonly string[];
  /** Only odd for the hour it comes at: it must come at night. */
  readonly atNight?: boolean;
  readonly suits?: (facts: Facts) => boolean;
  readonly run: (host: Host, intruder: Intruder) => Script;
}
