import type {Micros} from '../../event/event.ts';
import type {Finding} from './findings.ts';

/** Of one rule within ten minutes: more things than this are told as one. */
const mostEntities = 20;
const crowdWindow: Micros = 600_000_000;

interface Crowd {
  begun: Micros;
  entities: number;
}

/** How many different things each rule was about lately. */
export class Crowds {
  readonly #crowds = new Map<string, Crowd>();

  /** Counts a new thing of the rule; true where it is one too many. */
  isCrowded({rule, time}: Finding): boolean {
    const crowd = this.#crowds.get(rule.id);
    if (!crowd || Math.abs(time - crowd.begun) > crowdWindow) {
      this.#crowds.set(rule.id, {begun: time, entities: 1});
      return false;
    }
    crowd.entities++;
    return crowd.entities > mostEntities;
  }

  /** The finding as one about its receiver where there is one; where receivers are many too, about the interface. */
  fold<Kind extends Finding>(finding: Kind, isKnown: (folded: Kind) => boolean): Kind {
    const {fields, entity, rule} = finding;
    const place = String(fields['observer.ingress.interface.name'] ?? 'the network');
    const struck = fields['destination.ip'];
    const reason = (total: number) => `One of many: ${finding.reason(total)}`;
    const about = (thing: string): Kind => ({...finding, entity: thing, cause: 'many', reason});
    const byVictim = about(typeof struck === 'string' && struck !== entity ? struck : place);
    const isFew = (this.#crowds.get(rule.id)?.entities ?? 0) <= mostEntities * 2;
    return isKnown(byVictim) || isFew ? byVictim : about(place);
  }
}
