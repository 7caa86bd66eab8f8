import type {FlowEvent} from '../../../event/event.ts';
import {SecondChanceMap} from '../../second-chance-map.ts';
import {type FlowPlace, factsOf, type PlaceFact, placeOf} from './flow-facts.ts';
import {hash52, joined52} from './hash.ts';
import {LetterModel, type LetterStreams} from './letter-model.ts';
import type {Site} from './site.ts';

/** What is the same for all flows of one (host, source inside or any outside, destination, port, service). */
export interface FlowNames {
  readonly place: FlowPlace;
  readonly facts: readonly PlaceFact[];
  readonly streams: LetterStreams;
  /** (source, service), whose volume the flow adds to. */
  readonly volume: string;
  /** Flows that had these names since they were worked out. */
  uses: number;
}

const maxNames = 2_048;
const outside = hash52('outside');

/**
 * Names of flows, worked out once for those that share them: forged sources are all `outside`, and a flood of them
 * needs no names of its own.
 */
export class NameCache {
  private readonly known = new SecondChanceMap<number, FlowNames>(maxNames);
  private readonly site: Site;

  constructor(site: Site) {
    this.site = site;
  }

  /** @param towards what `towardsOf` says of the flow */
  of(flow: FlowEvent, source: number, towards: number): FlowNames {
    const from = this.site.isInside(flow.sourceIp) ? source : outside;
    const key = joined52(joined52(from, towards), hash52(flow.service));
    const names = this.known.get(key) ?? this.add(key, flow);
    names.uses += 1;
    return names;
  }

  private add(key: number, flow: FlowEvent): FlowNames {
    const place = placeOf(flow, this.site);
    const streams = LetterModel.streams(flow.origin.host, place.service);
    const volume = `${place.source} ${place.service}`;
    const names = {place, facts: factsOf(flow, place), streams, volume, uses: 0};
    this.known.set(key, names);
    return names;
  }
}

/** A number for the host that sees the flow, its destination, port and transport. */
export function towardsOf(host: number, {destinationIp, destinationPort, transport}: FlowEvent): number {
  return joined52(joined52(host, hash52(destinationIp)), joined52(destinationPort, hash52(transport)));
}
