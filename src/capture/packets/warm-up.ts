import {closeSync, openSync} from 'node:fs';
import {devNull} from 'node:os';
import type {Settings} from '../../config/settings.ts';
import type {InterfaceFacts} from '../../detect/network/interface-facts.ts';
import {Analyser} from './analyser.ts';
import type {RawPacket} from './backend.ts';
import {RingWriter} from './evidence/ring-writer.ts';
import {Outbox} from './outbox.ts';

const rounds = 1_500;
/** As real times are: a field that held small numbers only would be another one to V8, and all code be compiled anew. */
const begin = 1_700_000_000_000_000;
const ethernet = '020000000002020000000001';
const client = '0a000001';
const server = '0a000002';
const there = client + server;
const back = server + client;
const clientPort = 'c350';
const [syn, synAck, ack, push, fin, reset] = ['02', '12', '10', '18', '11', '14'];
const question = '12340100000100000000000003777777076578616d706c65036f72670000010001';
const answer = `${question.replace('1234010000010000', '1234818000010001')}c00c00010001000000e10004c0000201`;

/**
 * What a link carries: a connection from its begin to its end, one that is refused and one that nobody answers, a name
 * that is asked for and told, a datagram without an answer, an echo and its reply, ARP both ways, and the same name over
 * IPv6 with a VLAN tag. `true`: the client sends it.
 */
const traffic: readonly (readonly [fromClient: boolean, hex: string])[] = [
  [true, tcp(true, syn)],
  [false, tcp(false, synAck)],
  [true, tcp(true, ack)],
  [true, tcp(true, push, '00'.repeat(300))],
  [false, tcp(false, push, '00'.repeat(1_200))],
  [false, tcp(false, push, '00'.repeat(600))],
  [true, tcp(true, ack)],
  [true, tcp(true, fin)],
  [false, tcp(false, fin)],
  [true, tcp(true, ack)],
  [true, udp(true, '0035', question)],
  [false, udp(false, '0035', answer)],
  [true, udp(true, '1388', '00'.repeat(40))],
  [true, tcp(true, syn, '', '0050')],
  [false, tcp(false, reset, '', '0050')],
  [true, tcp(true, syn, '', '0051')],
  [true, ipv4(there, '01', '0800000000010001')],
  [false, ipv4(back, '01', '0000000000010001')],
  [true, `${ethernet}080600010800060400010200000000010a0000010000000000000a000002`],
  [false, `${ethernet}080600010800060400020200000000020a0000020200000000010a000001`],
  [true, ipv6(true, question)],
  [false, ipv6(false, answer)],
];

/**
 * Sends some tens of thousand packets of our own through an analyser of its own, so that the code is compiled before the
 * first real packet comes: cold, it takes ten times as long, and a full link then overruns the ring (5 % lost in the first
 * second at 300,000 a second, measured). Takes half a second or a little more. `facts` as the capture will have them:
 * code that met objects of another form is compiled anew.
 */
export function warmUp(network: Settings['network'], facts: readonly InterfaceFacts[]): void {
  const outbox = new Outbox({write: () => undefined, pending: () => 0});
  const fd = openSync(devNull, 'w');
  const evidence = new RingWriter(fd, 2);
  const analyser = new Analyser(outbox, {maxFlows: 1_000, seed: 1, facts, network, watched: true, evidence});
  const packets = traffic.map(([fromClient, hex]) => ({fromClient, packet: rawPacket(hex)}));
  let time = begin;
  for (let round = 0; round < rounds; round++) {
    for (const {fromClient, packet} of packets) {
      packet.time = time += 100;
      renumber(packet.bytes, fromClient, round);
      analyser.packet(packet, 0);
    }
    if (round % 10 !== 0) continue;
    // Mostly a second, now and then so long that what is idle ends.
    time += round % 100 === 0 ? 70_000_000 : 1_000_000;
    analyser.advance(time);
    outbox.flush(analyser.counters(time, 0));
  }
  analyser.finish();
  outbox.flush(analyser.counters(time, 0), true);
  closeSync(fd);
}

/** Each round has an IPv4 client and a client port of its own: hosts and conversations begin, go on and end. */
function renumber(bytes: Uint8Array, fromClient: boolean, round: number): void {
  if (bytes[12] !== 0x08 || bytes[13] !== 0x00) return;
  bytes[fromClient ? 29 : 33] = 3 + (round & 31);
  if (bytes[23] === 0x01) return;
  const port = fromClient ? 34 : 36;
  bytes[port] = 0xc3 + (round >> 8);
  bytes[port + 1] = round & 255;
}

function tcp(fromClient: boolean, flags: string, payload = '', port = '01bb'): string {
  const ports = fromClient ? `${clientPort}${port}` : `${port}${clientPort}`;
  return ipv4(fromClient ? there : back, '06', `${ports}000000010000000150${flags}ffff00000000${payload}`);
}

function udp(fromClient: boolean, serverPort: string, payload: string): string {
  const ports = fromClient ? `${clientPort}${serverPort}` : `${serverPort}${clientPort}`;
  return ipv4(fromClient ? there : back, '11', `${ports}${word(8 + payload.length / 2)}0000${payload}`);
}

function ipv4(addresses: string, protocol: string, rest: string): string {
  return `${ethernet}08004500${word(20 + rest.length / 2)}0001400040${protocol}0000${addresses}${rest}`;
}

function ipv6(fromClient: boolean, payload: string): string {
  const length = word(8 + payload.length / 2);
  const [one, other] = [`${'fd'.padEnd(31, '0')}1`, `${'fd'.padEnd(31, '0')}2`];
  const [ends, ports] = fromClient ? [one + other, `${clientPort}0035`] : [other + one, `0035${clientPort}`];
  return `${ethernet}8100000786dd60000000${length}1140${ends}${ports}${length}0000${payload}`;
}

/** Two bytes as hexadecimal. */
function word(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function rawPacket(hex: string): RawPacket {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  const {length} = bytes;
  return {
    bytes,
    start: 0,
    end: length,
    wire: length,
    time: 0,
    outgoing: false,
    vlan: -1,
    link: 'ethernet',
    etherType: 0,
  };
}
