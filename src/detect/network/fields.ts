import {addressText, macText} from '../../capture/packets/decode/address.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import {protocolName, transportName} from '../../capture/packets/decode/names.ts';
import type {FieldValue} from '../../event/event.ts';

/** What an alert shows of the packet that raised it, by ECS name. */
export function packetFields(d: Decoded, interfaceName: string): Readonly<Record<string, FieldValue>> {
  const fields: Record<string, FieldValue> = {
    'network.bytes': d.wire,
    'observer.ingress.interface.name': interfaceName,
  };
  if (d.protocol >= 0) fields['network.transport'] = transportName(d.protocol);
  if (d.family !== 0) {
    fields['source.ip'] = sourceText(d);
    fields['destination.ip'] = destinationText(d);
  }
  if (d.hasPorts) {
    fields['source.port'] = d.sourcePort;
    fields['destination.port'] = d.destinationPort;
  }
  if (d.sourceMac >= 0) fields['source.mac'] = macText(d.bytes, d.sourceMac);
  return fields;
}

export function sourceText(d: Decoded): string {
  return addressText(d.family, d.s0, d.s1, d.s2, d.s3);
}

export function destinationText(d: Decoded): string {
  return addressText(d.family, d.d0, d.d1, d.d2, d.d3);
}

/** The protocol in a sentence: `ICMP`, `IP 99`. */
export function protocolText(d: Decoded): string {
  return protocolName(d.protocol, d.etherType);
}
