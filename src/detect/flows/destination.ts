import type {FlowEvent} from '../../event/event.ts';
import {networkOf} from '../surprise/flows/address-kind.ts';
import {plainName, registrableDomain} from './registrable.ts';

/**
 * The service that an outside address stands for: the domain that the client named, where it did, else the network (/24,
 * or /48): one service has many addresses, and they change.
 */
export function placeOf(flow: FlowEvent): string {
  const name = domainOf(flow);
  return name === '' ? networkOf(flow.destinationIp) : registrableDomain(name);
}

/** The name that the client asked the destination for (SNI, Host), lower case; '' where none is known. */
export function domainOf({fields}: FlowEvent): string {
  const name = fields?.['destination.domain'];
  return typeof name === 'string' ? plainName(name) : '';
}

/** As a person reads it: `example.org (192.0.2.1) port 443`. */
export function destinationText(flow: FlowEvent): string {
  const name = domainOf(flow);
  const port = flow.destinationPort > 0 ? ` port ${flow.destinationPort}` : '';
  return `${name === '' ? flow.destinationIp : `${name} (${flow.destinationIp})`}${port}`;
}

/** TCP that was set up, or another transport that both ends used. */
export function isAnswered({state, packetsIn, bytesIn, transport}: FlowEvent): boolean {
  if (transport === 'tcp') return state !== 'S0' && state !== 'REJ' && state !== 'SH' && (packetsIn > 0 || bytesIn > 0);
  return packetsIn > 0 || bytesIn > 0;
}

/** Many flows made one, in a flood: its ports or addresses are blank and its sums are no flow's. */
export function isFolded({transport, sourcePort, destinationPort}: FlowEvent): boolean {
  return (transport === 'tcp' || transport === 'udp') && (sourcePort === 0 || destinationPort === 0);
}
