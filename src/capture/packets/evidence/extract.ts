import {Decoded} from '../decode/decoded.ts';
import {decodeInner, decodePacket} from '../decode/packet.ts';
import type {PacketOfInterface} from './block.ts';
import {Collector} from './collector.ts';
import type {Evidence, EvidenceRequest} from './request.ts';

/** Finds the packets of every request in one pass. `packets` come oldest first and may be the same object each time. */
export function extract(
  packets: Iterable<PacketOfInterface>,
  requests: readonly EvidenceRequest[],
  interfaces: readonly string[],
): readonly Evidence[] {
  const collectors = requests.map(request => new Collector(request));
  const outer = new Decoded();
  const inner = [new Decoded(), new Decoded()] as const;
  for (const packet of packets) {
    decodePacket(outer, packet);
    const wanting = new Set(collectors.filter(collector => collector.wants(outer)));
    if (outer.inner >= 0) addInner(outer, inner, collectors, wanting);
    for (const collector of wanting) collector.add(packet);
  }
  return collectors.map(collector => collector.evidence(interfaces));
}

function addInner(
  packet: Decoded,
  [a, b]: readonly [Decoded, Decoded],
  collectors: readonly Collector[],
  wanting: Set<Collector>,
): void {
  let [d, other] = [a, b];
  for (let outer = packet; decodeInner(outer, d); [outer, d, other] = [d, other, d]) {
    for (const collector of collectors) if (collector.wants(d)) wanting.add(collector);
  }
}
