import {day} from '../../src/event/clock.ts';
import type {Micros} from '../../src/event/event.ts';
import {planCampaign} from './attacks/campaign.ts';
import {type Facts, factsOf} from './facts.ts';
import {Host} from './host.ts';
import {type LifeItem, ordinary, type Phase} from './item.ts';
import {startOrdinaryLife} from './ordinary/life.ts';

export interface Week {
  /** Of the folder or the seed, for reports. */
  readonly name: string;
  readonly host: string;
  /** The machine's own, where it is known. */
  readonly address: string | undefined;
  readonly from: Micros;
  /** Until then nothing but ordinary life. */
  readonly learnUntil: Micros;
  readonly to: Micros;
  /** Known in full when the last item has been taken. */
  readonly phases: readonly Phase[];
  readonly items: Iterable<LifeItem> | AsyncIterable<LifeItem>;
}

export interface GeneratedWeek extends Week {
  readonly facts: Facts;
  readonly items: Generator<LifeItem>;
}

export const attackDays = 2;

/** The seed's machine: `days` of ordinary life, then two days on which it goes on and the machine is attacked. */
export function generateWeek(seed: number, days: number): GeneratedWeek {
  const facts = factsOf(seed);
  const host = Host.of(facts);
  const learnUntil = facts.start + days * day;
  const to = learnUntil + attackDays * day;
  startOrdinaryLife(host);
  const phases = planCampaign(host.actor(1_000), learnUntil, attackDays);
  return {
    name: `seed-${seed}`,
    host: facts.host,
    address: facts.address,
    facts,
    from: facts.start,
    learnUntil,
    to,
    phases,
    items: noting(host.sim.run(to)),
  };

  function* noting(items: Iterable<LifeItem>): Generator<LifeItem> {
    for (const item of items) {
      const phase = item.phase === ordinary ? undefined : phases[item.phase];
      if (phase) phase.to = Math.max(phase.to, item.at);
      yield item;
    }
  }
}
