import type {FlowEvent, Micros, Origin} from '../../event/event.ts';
import {addressText, macText} from './decode/address.ts';
import {serviceName, transportName} from './decode/names.ts';
import type {FlowRecord} from './flow-record.ts';

/** A flow of the sensor's as the pipeline knows it. */
export function flowEvent(flow: FlowRecord, origin: Origin, interfaceName: string, ingested: Micros): FlowEvent {
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0] = flow.words;
  return {
    kind: 'flow',
    origin,
    position: flow.number,
    time: flow.time,
    ingested,
    last: flow.last,
    ended: flow.ended,
    transport: transportName(flow.protocol),
    service: flow.service || serviceName(flow.protocol, flow.sourcePort, flow.destinationPort),
    sourceIp: addressText(flow.family, s0, s1, s2, s3),
    sourcePort: flow.sourcePort,
    sourceMac: mac(flow.macs, 0),
    destinationIp: addressText(flow.family, d0, d1, d2, d3),
    destinationPort: flow.destinationPort,
    destinationMac: mac(flow.macs, 6),
    interface: interfaceName,
    vlan: flow.vlan,
    packetsOut: flow.packetsOut,
    bytesOut: flow.bytesOut,
    packetsIn: flow.packetsIn,
    bytesIn: flow.bytesIn,
    state: flow.state,
    history: flow.history,
    ...(Object.keys(flow.fields).length > 0 && {fields: flow.fields}),
  };
}

/** '' where the link has no addresses. */
function mac(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 6).some(byte => byte !== 0) ? macText(bytes, at) : '';
}
