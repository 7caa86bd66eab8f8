// What the network detectors cost a packet, and that a flood of forged sources does not fill memory:
// `npm run -s bench:network-detectors`. One line of JSON each for ordinary mixed traffic, for the whole analyser on it,
// and for a
// million packets of forged sources of each kind. Microseconds are the processor's time of this process.
import {Analyser} from '../src/capture/packets/analyser.ts';
import type {RawPacket} from '../src/capture/packets/backend.ts';
import {Decoded} from '../src/capture/packets/decode/decoded.ts';
import {decodePacket} from '../src/capture/packets/decode/packet.ts';
import {Outbox} from '../src/capture/packets/outbox.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {factsOfFile} from '../src/detect/network/interface-facts.ts';
import {NetworkDetectors} from '../src/detect/network/network-detectors.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import {arp, ethernet, icmp, ipv4, tcp, udp} from './packet-builder.ts';
import {mixedTraffic} from './traffic.ts';

const rounds = 300;
const warmRounds = 60;
const forgedPackets = 1_000_000;
const begin = 1_700_000_000_000_000;
const network = settingsSchema.parse({}).network;
const facts = factsOfFile('bench');
/** As ordinary traffic would come at 100,000 packets a second. */
const spacing = 10;
const frames = mixedTraffic().map(({bytes}) => bytes);

measureDetectors();
measureAnalyser();
measureAllForged();

function measureDetectors(): void {
  const alone = run(() => undefined);
  const detectors = new NetworkDetectors(() => undefined, network);
  let next = 0;
  const both = run(d => {
    detectors.onPacket(d, facts);
    if (d.time < next) return;
    next = d.time + 250_000;
    detectors.onTick(d.time);
  });
  print({what: 'detectors', decodeMicros: alone, detectorMicros: both - alone});
}

/** Microseconds a packet of decoding and whatever is done with it. */
function run(each: (d: Decoded) => void): number {
  const d = new Decoded();
  let time = begin;
  let started = 0;
  for (let round = 0; round < rounds; round++) {
    if (round === warmRounds) started = cpu();
    for (const bytes of frames) {
      time += spacing;
      decodePacket(d, raw(bytes, time));
      each(d);
    }
  }
  return (cpu() - started) / ((rounds - warmRounds) * frames.length);
}

function measureAnalyser(): void {
  const analyser = newAnalyser();
  let time = begin;
  let started = 0;
  for (let round = 0; round < rounds; round++) {
    if (round === warmRounds) started = cpu();
    for (const bytes of frames) {
      time += spacing;
      analyser.packet(raw(bytes, time), 0);
    }
    if (round % 4 === 0) analyser.advance(time);
  }
  print({what: 'analyser', micros: (cpu() - started) / ((rounds - warmRounds) * frames.length)});
}

/** Each packet from another address, MAC and port; memory is settled half way and at the end. */
function measureForged(what: string, frame: Buffer, addressAt: number, portAt: number): void {
  const random = seededRandom(3);
  const counts: Record<string, number> = {};
  const analyser = newAnalyser(rule => {
    counts[rule] = (counts[rule] ?? 0) + 1;
  });
  const part = () => Math.floor(random() * 256);
  let half = 0;
  const started = cpu();
  for (let n = 0; n < forgedPackets; n++) {
    if (n === forgedPackets / 2) half = settledMemory();
    frame.set([1 + (part() % 223), part(), part(), part()], addressAt);
    frame.set([2, part(), part(), part(), part(), part()], 6);
    if (portAt > 0) frame.set([part(), part()], portAt);
    analyser.packet(raw(frame, begin + n * spacing), 0);
    if (n % 25_000 === 0) analyser.advance(begin + n * spacing);
  }
  const micros = (cpu() - started) / forgedPackets;
  const grown = settledMemory() - half;
  analyser.finish();
  print({what, micros, grownMegabytesAfterHalf: grown / 2 ** 20, alerts: counts});
}

function measureAllForged(): void {
  const [from, to] = ['1.2.3.4', '192.0.2.1'];
  const ip = (protocol: number, payload: Uint8Array, options = {}) =>
    ethernet(0x0800, ipv4({from, to, protocol, ...options}, payload));
  measureForged('forged SYNs', ip(6, tcp({from: 1, to: 80, flags: 2})), 26, 34);
  measureForged('forged SYNs to random ports', ip(6, tcp({from: 1, to: 80, flags: 2})), 26, 36);
  measureForged('forged NULL segments', ip(6, tcp({from: 1, to: 80, flags: 0})), 26, 34);
  measureForged('forged SYN-ACKs', ip(6, tcp({from: 80, to: 80, flags: 18})), 26, 36);
  measureForged('forged datagrams', ip(17, udp(1, 7_000, Buffer.alloc(32))), 26, 34);
  measureForged('forged DNS answers', ip(17, udp(53, 7_000, Buffer.alloc(300, 0x81))), 26, 36);
  measureForged('forged echo requests', ip(1, icmp(8, 0, 1, 1, Buffer.alloc(56))), 26, 0);
  measureForged('forged fragments', ip(17, Buffer.alloc(64), {moreFragments: true, fragmentOffset: 64}), 26, 18);
  measureForged('forged ARP', ethernet(0x0806, arp(1, '02:00:00:00:00:01', from, to)), 28, 40);
}

function settledMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}

function newAnalyser(onAlert: (rule: string) => void = () => undefined): Analyser {
  const outbox = new Outbox({write: () => undefined, pending: () => 0});
  outbox.alert = alert => onAlert(alert.rule.id);
  outbox.flow = () => undefined;
  return new Analyser(outbox, {maxFlows: 65_536, seed: 7, facts: [facts], network, watched: true});
}

function raw(bytes: Uint8Array, time: number): RawPacket {
  const {length} = bytes;
  return {bytes, start: 0, end: length, wire: length, time, outgoing: false, vlan: -1, link: 'ethernet', etherType: 0};
}

function cpu(): number {
  const {user, system} = process.cpuUsage();
  return user + system;
}

function print(line: object): void {
  const rounded = JSON.stringify(line, (_, value) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  );
  process.stdout.write(`${rounded}\n`);
}
