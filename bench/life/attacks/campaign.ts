import {day, hour} from '../../../src/event/clock.ts';
import type {Micros} from '../../../src/event/event.ts';
import {choose, keyPrint, publicAddress} from '../facts.ts';
import type {Host} from '../host.ts';
import type {Phase} from '../item.ts';
import type {Script} from '../simulation.ts';
import {accessAttacks} from './access.ts';
import type {Attack, Intruder} from './attack.ts';
import {impactAttacks} from './impact.ts';
import {networkAttacks} from './network.ts';
import {persistenceAttacks} from './persistence.ts';
import {risingAttacks} from './rise.ts';

export const pool: readonly Attack[] = [
  ...accessAttacks,
  ...risingAttacks,
  ...persistenceAttacks,
  ...networkAttacks,
  ...impactAttacks,
];

/**
 * Chooses five to eight attacks that suit the machine, in the order of an intrusion, and sets them within `days` from
 * `from` on. The phases' times are filled in while they happen: read them when the week is over.
 */
export function planCampaign(host: Host, from: Micros, days: number): OngoingPhase[] {
  const chosen = chooseAttacks(host);
  const intruder = intruderOf(host);
  const first = host.random.next() * 14 * hour;
  // The last begins early enough to be over before the week is.
  const span = days * day - 9 * hour - first;
  return chosen.map((attack, number) => {
    const evenly = first + (span * (number + 0.2 + 0.6 * host.random.next())) / chosen.length;
    // Days begin at midnight: the first night is before all else.
    const begins = Math.round(from + (attack.atNight ? (1 + 3 * host.random.next()) * hour : evenly));
    const {name, technique, effects} = attack;
    const phase: OngoingPhase = {name, technique, effects, from: begins, to: begins};
    const actor = host.actor(2_000 + number, number);
    host.start(carriedOut(actor, attack, intruder, phase), (begins - host.now) / 1e6);
    return phase;
  });
}

/** A phase whose times are still moving. */
export type OngoingPhase = {-readonly [Key in keyof Phase]: Phase[Key]};

function chooseAttacks(host: Host): Attack[] {
  const {facts, random} = host;
  const fitting = pool.filter(({suits}) => suits === undefined || suits(facts));
  const doors = fitting.filter(({stage}) => stage === 1);
  const inside = fitting.filter(({stage}) => stage > 1);
  const count = random.between(5, 8);
  return [...choose(random, doors, 1), ...choose(random, inside, count - 1)].sort((a, b) => a.stage - b.stage);
}

function intruderOf(host: Host): Intruder {
  const {facts, random} = host;
  const net = facts.gateway.slice(0, -2);
  return {
    // On a machine that the internet cannot reach, the intruder comes from a neighbour.
    address: facts.isPublic ? publicAddress(random) : `${net}.${random.between(221, 250)}`,
    control: publicAddress(random),
    victim: host.person(),
    key: keyPrint(random),
  };
}

function* carriedOut(host: Host, attack: Attack, intruder: Intruder, phase: OngoingPhase): Script {
  phase.from = host.now;
  yield* attack.run(host, intruder);
  phase.to = Math.max(phase.to, host.now);
}
