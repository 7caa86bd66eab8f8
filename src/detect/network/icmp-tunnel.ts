import {type Decoded, IpProtocols, i32, u8} from '../../capture/packets/decode/decoded.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {Generations} from './generations.ts';
import {destinationKey, mixed, sourceKey, step} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const kept = 1024;
const remembered = 8;
/** Behind a time stamp, a sequence number and whatever else ping programs keep for themselves. */
const ownData = 40;
const hashed = 512;
const enoughUnequal = 6;
const enoughChanging = 24;
const leastBytes = 1_024;
const quietAfter = 600_000_000;

/** Echo requests of one host to another, with the answers. */
interface EchoTalk {
  /** Identifier and sequence, length, and hash of the last requests, in a ring. */
  readonly ids: number[];
  readonly lengths: number[];
  readonly hashes: number[];
  at: number;
  last: number;
  length: number;
  tail: number;
  requests: number;
  bytes: number;
  unequal: number;
  changing: number;
}

/**
 * Data in ICMP echo. A host must send back what it was sent (RFC 792), so answers that differ are no ping's; nor are
 * requests whose filling is another each time, however long: ping's is a time stamp and a pattern.
 */
export class IcmpTunnelDetector {
  readonly #findings: Findings;
  readonly #talks = new Generations<EchoTalk>(kept);

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  onIcmp(d: Decoded, facts: InterfaceFacts): void {
    const v6 = d.protocol === IpProtocols.icmpv6;
    if (d.icmpCode !== 0 || d.transport < 0 || d.payloadLength <= 0 || d.moreFragments) return;
    if (d.icmpType === (v6 ? 128 : 8)) this.#onRequest(d, facts);
    else if (d.icmpType === (v6 ? 129 : 0)) this.#onReply(d, facts);
  }

  #onRequest(d: Decoded, facts: InterfaceFacts): void {
    const talk = this.#talk(d, mixed(sourceKey(d), destinationKey(d)));
    const tail = hashOf(d, ownData);
    const isOther = talk.requests > 0 && tail !== talk.tail && d.payloadLength > ownData;
    // A ping of another size is another pattern, not another message.
    if (isOther && (d.payloadLength === talk.length || !isPattern(d))) talk.changing++;
    talk.tail = tail;
    talk.length = d.payloadLength;
    talk.requests++;
    talk.bytes += d.payloadLength;
    talk.ids[talk.at] = i32(d.bytes, d.transport + 4);
    talk.lengths[talk.at] = d.payloadLength;
    talk.hashes[talk.at] = hashOf(d, 0);
    talk.at = (talk.at + 1) % remembered;
    if (isOther && talk.changing >= enoughChanging && talk.bytes >= leastBytes) {
      const words = `echo requests carry other data each time, ${talk.bytes.toLocaleString('en')} bytes in ${talk.requests} requests`;
      this.#tell(
        d,
        facts,
        sourceText(d),
        destinationText(d),
        words,
        talk.changing === enoughChanging ? talk.changing : 1,
      );
    }
  }

  #onReply(d: Decoded, facts: InterfaceFacts): void {
    const talk = this.#talk(d, mixed(destinationKey(d), sourceKey(d)));
    const id = i32(d.bytes, d.transport + 4);
    const at = talk.requests === 0 ? -1 : talk.ids.indexOf(id);
    if (at < 0) return;
    if (talk.lengths[at] === d.payloadLength && talk.hashes[at] === hashOf(d, 0)) return;
    talk.unequal++;
    talk.bytes += d.payloadLength;
    if (talk.unequal < enoughUnequal || talk.bytes < leastBytes) return;
    const words = `echo replies differ from what was asked (${talk.lengths[at]} bytes asked, ${d.payloadLength} answered just now), ${talk.bytes.toLocaleString('en')} bytes so far`;
    this.#tell(d, facts, destinationText(d), sourceText(d), words, talk.unequal === enoughUnequal ? talk.unequal : 1);
  }

  #talk(d: Decoded, key: number): EchoTalk {
    const known = this.#talks.get(key);
    if (known && Math.abs(d.time - known.last) < quietAfter) {
      known.last = d.time;
      return known;
    }
    const talk: EchoTalk = {
      // No typed arrays: most hosts are pinged once, and those take long to make.
      ids: [],
      lengths: [],
      hashes: [],
      at: 0,
      last: d.time,
      length: 0,
      tail: 0,
      requests: 0,
      bytes: 0,
      unequal: 0,
      changing: 0,
    };
    this.#talks.set(key, talk);
    return talk;
  }

  #tell(d: Decoded, facts: InterfaceFacts, asker: string, answerer: string, words: string, count: number): void {
    this.#findings.add({
      rule: networkRules.icmpTunnel,
      time: d.time,
      entity: asker,
      cause: answerer,
      count,
      reason: total =>
        `Between ${asker} and ${answerer} ${words}: ping does not, tunnels do. ${total} such packets so far.`,
      fields: packetFields(d, facts.name),
    });
  }
}

/** A run of the same or of rising bytes, as ping programs fill with. */
function isPattern(d: Decoded): boolean {
  const from = d.transport + 8 + ownData;
  if (from + 2 > d.ipEnd) return true;
  const rise = (u8(d.bytes, from + 1) - u8(d.bytes, from)) & 255;
  if (rise > 1) return false;
  let breaks = 0;
  const end = Math.min(d.ipEnd, from + hashed);
  for (let at = from + 1; at < end; at++) {
    if (((u8(d.bytes, at) - u8(d.bytes, at - 1)) & 255) !== rise) breaks++;
  }
  // Windows goes round from w to a.
  return breaks * 16 <= end - from;
}

function hashOf(d: Decoded, skip: number): number {
  const from = d.transport + 8 + skip;
  const end = Math.min(d.ipEnd, from + hashed);
  let hash = 17;
  for (let at = from; at < end; at++) hash = step(hash, u8(d.bytes, at));
  return hash;
}
