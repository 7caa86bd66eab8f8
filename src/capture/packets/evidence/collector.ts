import {pcapngFile, type WrittenPacket} from '../../files/write-pcapng.ts';
import {parseAddress} from '../decode/address.ts';
import {type Decoded, u8} from '../decode/decoded.ts';
import type {PacketOfInterface} from './block.ts';
import type {Evidence, EvidenceRequest} from './request.ts';

const mostBefore = 100;
const mostAfter = 200;
/** Of a file: it crosses the pipe in one frame. */
const largestFile = 700_000;

type Words = readonly [number, number, number, number];

/** Gathers the packets of one alert out of those it is shown, oldest first: some before it happened and more after. */
export class Collector {
  readonly #request: EvidenceRequest;
  readonly #words: readonly Words[];
  readonly #macs: readonly (readonly number[])[];
  readonly #before: WrittenPacket[] = [];
  readonly #after: WrittenPacket[] = [];
  #matched = 0;

  constructor(request: EvidenceRequest) {
    this.#request = request;
    this.#words =
      request.addresses.flatMap(text => parseAddress(text)?.words ?? []).length > 0
        ? request.addresses.flatMap(text => {
            const address = parseAddress(text);
            return address ? [address.words] : [];
          })
        : [];
    this.#macs = request.macs.map(text => text.split(':').map(part => Number.parseInt(part, 16)));
  }

  /** Whether a packet, or one that it carries, is of this alert. */
  wants(d: Decoded): boolean {
    const {from, until} = this.#request;
    if (d.time < from || d.time > until) return false;
    const [first, second] = this.#words;
    if (first === undefined) return this.#macs.some(mac => hasMac(d, mac));
    if (d.family === 0) return false;
    if (second === undefined) return isSource(d, first) || isDestination(d, first);
    return (isSource(d, first) && isDestination(d, second)) || (isSource(d, second) && isDestination(d, first));
  }

  add(packet: PacketOfInterface): void {
    this.#matched++;
    if (packet.time < this.#request.time) {
      this.#before.push(copied(packet));
      if (this.#before.length > mostBefore) this.#before.shift();
    } else if (this.#after.length < mostAfter) this.#after.push(copied(packet));
  }

  evidence(interfaces: readonly string[]): Evidence {
    const {id, comment} = this.#request;
    let packets = [...this.#before, ...this.#after];
    let file = pcapngFile(packets, {interfaces, comment});
    // Rarely: long packets only. The oldest go first.
    while (file.length > largestFile && packets.length > 1) {
      packets = packets.slice(Math.ceil(packets.length / 4));
      file = pcapngFile(packets, {interfaces, comment});
    }
    return {id, packets: packets.length, matched: this.#matched, file: packets.length === 0 ? new Uint8Array(0) : file};
  }
}

function copied(packet: PacketOfInterface): WrittenPacket {
  return {...packet, bytes: packet.bytes.slice(packet.start, packet.end), start: 0, end: packet.end - packet.start};
}

function isSource(d: Decoded, [w0, w1, w2, w3]: Words): boolean {
  return d.s3 === w3 && d.s2 === w2 && d.s1 === w1 && d.s0 === w0;
}

function isDestination(d: Decoded, [w0, w1, w2, w3]: Words): boolean {
  return d.d3 === w3 && d.d2 === w2 && d.d1 === w1 && d.d0 === w0;
}

function hasMac(d: Decoded, mac: readonly number[]): boolean {
  const stands = (at: number) => at >= 0 && mac.every((byte, i) => u8(d.bytes, at + i) === byte);
  return stands(d.sourceMac) || stands(d.destinationMac);
}
