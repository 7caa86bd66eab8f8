import {type Decoded, u8} from '../../capture/packets/decode/decoded.ts';
import {Layers} from '../../capture/packets/decode/layers.ts';
import {destinationText, packetFields, protocolText, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {quickDestination, quickSource, step} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const trains = 1024;
const ranges = 32;
/** A host gives up on a packet after 15 to 120 seconds; identifiers are used again sooner on a fast link. */
const lifetime = 10_000_000;
/** Every link carries 68 bytes (RFC 791), 48 of them data: what is cut smaller than this was cut on purpose. */
const leastData = 32;
const leastData6 = 64;
const largestPacket = 65_535;

/**
 * Fragments that overlap without being the same (teardrop and its kin; two systems that put them together differently
 * see different packets), and ones so small that a filter does not find the ports in the first. Trains of fragments are
 * held in a table of fixed size; a later train takes an earlier one's place.
 */
export class FragmentDetector {
  readonly #findings: Findings;
  readonly #prints = new Int32Array(trains);
  readonly #times = new Float64Array(trains);
  readonly #counts = new Uint8Array(trains);
  readonly #lasts = new Int32Array(trains);
  readonly #covered = new Int32Array(trains);
  /** Begin and end of each fragment, in bytes. */
  readonly #ranges = new Int32Array(trains * ranges * 2);

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** Asked of fragments only. */
  onFragment(d: Decoded, facts: InterfaceFacts): void {
    const length = fragmentLength(d);
    // One past the end of any packet is told as that.
    if (length <= 0 || d.ipLength > d.wire - d.linkLength || d.fragmentOffset + length > largestPacket) return;
    if (d.moreFragments && length <= (d.family === 4 ? leastData : leastData6)) this.#onTiny(d, facts, length);
    const train = this.#train(d);
    const [begin, end] = [d.fragmentOffset, d.fragmentOffset + length];
    const other = this.#overlapped(train, begin, end);
    if (other >= 0) this.#onOverlap(d, facts, begin, end, other);
    else this.#remember(d, train, begin, end);
  }

  #train(d: Decoded): number {
    const print = step(step(step(quickSource(d), quickDestination(d)), d.fragmentId), d.firstNextHeader);
    const train = print & (trains - 1);
    const age = d.time - (this.#times[train] ?? 0);
    if (this.#prints[train] !== print || age > lifetime || age < -lifetime) this.#begin(train, print, d.time);
    return train;
  }

  #begin(train: number, print: number, time: number): void {
    this.#prints[train] = print;
    this.#times[train] = time;
    this.#counts[train] = 0;
    this.#lasts[train] = -1;
    this.#covered[train] = 0;
  }

  /** The place of a fragment that this one overlaps and does not equal, or -1. */
  #overlapped(train: number, begin: number, end: number): number {
    const base = train * ranges * 2;
    for (let i = 0; i < (this.#counts[train] ?? 0); i++) {
      const [from, to] = [this.#ranges[base + i * 2] ?? 0, this.#ranges[base + i * 2 + 1] ?? 0];
      if (begin < to && end > from && (begin !== from || end !== to)) return base + i * 2;
    }
    return -1;
  }

  #remember(d: Decoded, train: number, begin: number, end: number): void {
    const base = train * ranges * 2;
    const count = this.#counts[train] ?? 0;
    for (let i = 0; i < count; i++) if (this.#ranges[base + i * 2] === begin) return;
    if (!d.moreFragments) this.#lasts[train] = end;
    this.#covered[train] = (this.#covered[train] ?? 0) + end - begin;
    if (this.#covered[train] === this.#lasts[train]) {
      // Whole: the identifier may be used again.
      this.#prints[train] = 0;
      this.#times[train] = 0;
      return;
    }
    if (count === ranges) return;
    this.#ranges[base + count * 2] = begin;
    this.#ranges[base + count * 2 + 1] = end;
    this.#counts[train] = count + 1;
  }

  /** About the receiver: whoever attacks it like that forges the sender. */
  #onOverlap(d: Decoded, facts: InterfaceFacts, begin: number, end: number, other: number): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    const before = `${this.#ranges[other]} to ${this.#ranges[other + 1]}`;
    this.#findings.add({
      rule: networkRules.fragmentOverlap,
      time: d.time,
      entity: to,
      reason: total =>
        `A ${protocolText(d)} fragment from ${from} to ${to} covers bytes ${begin} to ${end} of packet ${d.fragmentId}, of which another covered ${before}${total === 1 ? '' : `; ${total} such fragments so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onTiny(d: Decoded, facts: InterfaceFacts, length: number): void {
    const [from, to] = [sourceText(d), destinationText(d)];
    this.#findings.add({
      rule: networkRules.fragmentTiny,
      time: d.time,
      entity: from,
      reason: total =>
        `${from} sends ${to} ${protocolText(d)} in fragments of ${length} bytes: every link carries more, so they were cut to pass a filter${total === 1 ? '' : `; ${total} such fragments so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }
}

/** Bytes of the original packet's payload in this fragment. */
function fragmentLength(d: Decoded): number {
  if (d.family === 4) return d.ipLength - (u8(d.bytes, d.network) & 15) * 4;
  for (let i = 0; i < d.layerCount; i++) {
    if (d.layers[i] === Layers['fragment header']) return d.network + d.ipLength - ((d.layerAt[i] ?? 0) + 8);
  }
  return -1;
}
