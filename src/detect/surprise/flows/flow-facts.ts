import type {FlowEvent} from '../../../event/event.ts';
import {addressKind, isInside, networkOf} from './address-kind.ts';
import {largeSize} from './flow-letters.ts';
import type {Fact} from './novelty.ts';

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

const firstHighPort = 32_768;
const answered: ReadonlySet<string> = new Set(['SF', 'S1', 'RSTO', 'RSTR']);

export function placeOf(flow: FlowEvent): FlowPlace {
  const sourceInside = isInside(addressKind(flow.sourceIp));
  const destinationKind = addressKind(flow.destinationIp);
  return {
    service: serviceOf(flow),
    source: sourceInside ? flow.sourceIp : 'outside',
    sourceInside,
    destinationInside: isInside(destinationKind),
    destinationKind,
  };
}

/**
 * What of this flow may be new; without a value where it could have been and is not, for what is rare is counted among
 * all flows. Outside addresses stand for their network. `regular`: the peer is new and met regularly.
 */
export function factsOf(flow: FlowEvent, place: FlowPlace, regular: boolean): readonly Fact[] {
  const {service, source, sourceInside, destinationInside, destinationKind} = place;
  const port = `${flow.transport}/${flow.destinationPort}`;
  const way = `${port} to ${destinationInside ? 'inside' : destinationKind}`;
  const isInsidePair = sourceInside && destinationInside;
  const answers = isAnswered(flow);
  const listener = destinationInside && answers ? `${flow.destinationIp} ${port}` : undefined;
  const facts: Fact[] = [
    {kind: 'service', scope: 'inside', value: sourceInside ? way : undefined},
    {kind: 'service', scope: 'outside', value: !sourceInside && answers ? way : undefined},
    {kind: 'listener', scope: 'inside', value: listener},
    {kind: 'pair', scope: 'inside', value: isInsidePair ? `${source} ${flow.destinationIp}` : undefined},
    {kind: 'network', scope: `${source} ${service}`, value: destinationKind},
    {kind: 'size', scope: `${source} ${service}`, value: largeSize(flow)},
    {kind: 'rhythm', scope: source, value: regular ? `${flow.destinationIp} ${port}` : undefined},
  ];
  if (listener !== undefined && !sourceInside) {
    facts.push({kind: 'client', scope: `${flow.destinationIp} ${service}`, value: networkOf(flow.sourceIp)});
  }
  if (sourceInside) facts.push({kind: 'port', scope: source, value: port});
  if (sourceInside && !destinationInside) {
    const value = destinationKind === 'public' ? networkOf(flow.destinationIp) : flow.destinationIp;
    facts.push({kind: 'destination', scope: `${source} ${service}`, value});
  }
  return facts;
}

function isAnswered({state, packetsIn, transport}: FlowEvent): boolean {
  return answered.has(state) && packetsIn > 0 && (transport === 'tcp' || transport === 'udp');
}

function serviceOf({service, transport, destinationPort}: FlowEvent): string {
  if (transport !== 'tcp' && transport !== 'udp') return transport;
  if (service !== '') return service;
  return destinationPort >= firstHighPort ? `${transport}/high` : `${transport}/${destinationPort}`;
}
