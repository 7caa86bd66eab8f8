import type {FlowEvent} from '../../../event/event.ts';
import {isInside, networkOf} from './address-kind.ts';
import {largeSize} from './flow-letters.ts';
import {hash52, joined52} from './hash.ts';
import type {Fact, NoveltyKind} from './novelty.ts';
import type {Site} from './site.ts';

/** Where a flow comes from and goes to, in the words that facts and streams are named by. */
export interface FlowPlace {
  /** `dns`, or the transport with the port, or with `high` where ports mean nothing. */
  readonly service: string;
  /** The address of a source inside, `outside` for all others: forged sources are many. */
  readonly source: string;
  readonly sourceInside: boolean;
  readonly destinationInside: boolean;
  readonly destinationKind: string;
}

/** A fact that flows of one place can bring, and which of them do. */
export interface PlaceFact extends Fact {
  readonly value: number | undefined;
  /** `client`: the network that an answered flow came from; the others are not even counted. */
  readonly when: 'always' | 'answered' | 'client' | 'large' | 'regular';
}

const firstHighPort = 32_768;
const inside = hash52('inside');
const outside = hash52('outside');
const answered: ReadonlySet<string> = new Set(['SF', 'S1', 'RSTO', 'RSTR']);

export function placeOf(flow: FlowEvent, site: Site): FlowPlace {
  const sourceInside = site.isInside(flow.sourceIp);
  const destinationKind = site.kindOf(flow.destinationIp);
  return {
    service: serviceOf(flow),
    source: sourceInside ? flow.sourceIp : 'outside',
    sourceInside,
    destinationInside: isInside(destinationKind),
    destinationKind,
  };
}

/**
 * What of the flows of one (source, destination, port) may be new; without a value where others could have been and
 * these cannot, for what is rare is counted among all flows. Outside addresses stand for their network.
 */
export function factsOf(flow: FlowEvent, place: FlowPlace): readonly PlaceFact[] {
  const {service, source, sourceInside, destinationInside, destinationKind} = place;
  const port = hash52(`${flow.transport}/${flow.destinationPort}`);
  const from = hash52(source);
  const to = hash52(flow.destinationIp);
  const towards = joined52(to, port);
  const using = hash52(service);
  const ofService = joined52(from, using);
  const way = joined52(port, hash52(destinationInside ? 'inside' : destinationKind));
  const facts = [
    fact('service', inside, sourceInside ? way : undefined),
    fact('service', outside, sourceInside ? undefined : way, 'answered'),
    fact('listener', inside, destinationInside ? towards : undefined, 'answered'),
    fact('pair', inside, sourceInside && destinationInside ? joined52(from, to) : undefined),
    fact('network', ofService, hash52(destinationKind)),
    fact('size', ofService, undefined, 'large'),
    fact('rhythm', from, towards, 'regular'),
  ];
  if (destinationInside && !sourceInside) {
    facts.push(fact('client', joined52(to, using), undefined, 'client'));
  }
  if (sourceInside) facts.push(fact('port', from, port));
  if (sourceInside && !destinationInside) {
    const network = destinationKind === 'public' ? networkOf(flow.destinationIp) : flow.destinationIp;
    facts.push(fact('destination', ofService, hash52(network)));
  }
  return facts;
}

/** The value that this flow brings; undefined where it could have brought one and does not. */
export function broughtBy({value, when, scope}: PlaceFact, flow: FlowEvent, isRegular: boolean): number | undefined {
  switch (when) {
    case 'always':
      return value;
    case 'client':
      return joined52(scope, hash52(networkOf(flow.sourceIp)));
    case 'answered':
      return value !== undefined && isAnswered(flow) ? value : undefined;
    case 'regular':
      return isRegular ? value : undefined;
    case 'large': {
      const size = largeSize(flow);
      // A size is one of few: beside the scope's number it is a number of its own.
      return size === undefined ? undefined : (scope % 2 ** 48) * 16 + size;
    }
    default:
      return when satisfies never;
  }
}

function fact(
  kind: NoveltyKind,
  within: number,
  value: number | undefined,
  when: PlaceFact['when'] = 'always',
): PlaceFact {
  const scope = joined52(hash52(kind), within);
  const found = {scope: undefined, value: undefined};
  return {kind, scope, value: value === undefined ? undefined : joined52(scope, value), when, found};
}

export function isAnswered({state, packetsIn, transport}: FlowEvent): boolean {
  return answered.has(state) && packetsIn > 0 && (transport === 'tcp' || transport === 'udp');
}

export function serviceOf({service, transport, destinationPort}: FlowEvent): string {
  if (transport !== 'tcp' && transport !== 'udp') return transport;
  if (service !== '') return service;
  return destinationPort >= firstHighPort ? `${transport}/high` : `${transport}/${destinationPort}`;
}
