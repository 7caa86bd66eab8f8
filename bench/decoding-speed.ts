import type {RawPacket} from '../src/capture/packets/backend.ts';
import {Decoded} from '../src/capture/packets/decode/decoded.ts';
import {decodeInner, decodePacket} from '../src/capture/packets/decode/packet.ts';

const atLeast = 2_000_000;

/** How many packets a second are decoded, tunnels followed, over and over for two million packets or more. */
export function decodingSpeed(packets: readonly RawPacket[]): {packetsPerSecond: number; nanosecondsPerPacket: number} {
  if (packets.length === 0) return {packetsPerSecond: 0, nanosecondsPerPacket: 0};
  const rounds = Math.ceil(atLeast / packets.length);
  const pair: [Decoded, Decoded] = [new Decoded(), new Decoded()];
  for (let round = 0; round < Math.ceil(rounds / 4); round++) decodeAll(packets, pair);
  const begun = process.hrtime.bigint();
  for (let round = 0; round < rounds; round++) decodeAll(packets, pair);
  const nanoseconds = Number(process.hrtime.bigint() - begun);
  const count = rounds * packets.length;
  return {
    packetsPerSecond: Math.round((count * 1e9) / nanoseconds),
    nanosecondsPerPacket: Math.round(nanoseconds / count),
  };
}

function decodeAll(packets: readonly RawPacket[], [first, second]: readonly [Decoded, Decoded]): void {
  for (const packet of packets) {
    decodePacket(first, packet);
    let [outer, inner] = [first, second];
    while (outer.inner >= 0 && decodeInner(outer, inner)) [outer, inner] = [inner, outer];
  }
}
