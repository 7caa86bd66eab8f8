import {arp, type CapturedPacket, ethernet, icmp, ipv4, ipv6, tcp, udp} from './packet-builder.ts';

const syn = 0x02;
const ack = 0x10;
const push = 0x18;
const fin = 0x11;

/**
 * Ordinary traffic of one network, the same each time: 400 TCP conversations with their handshakes and payload, DNS over
 * UDP, pings, ARP and some IPv6 with a VLAN tag; about 385 bytes a packet.
 */
export function mixedTraffic(conversations = 400): readonly CapturedPacket[] {
  const frames: Buffer[] = [];
  for (let n = 0; n < conversations; n++) frames.push(...tcpConversation(n), ...others(n));
  return frames.map((bytes, i) => ({time: 1_700_000_000_000_000 + i * 3, bytes}));
}

function tcpConversation(n: number): Buffer[] {
  const client = `10.1.${n >> 8}.${n & 255}`;
  const server = `10.2.0.${n % 40}`;
  const port = 20_000 + n;
  const out = (flags: number, length: number) =>
    ethernet(
      0x0800,
      ipv4({from: client, to: server, protocol: 6}, tcp({from: port, to: 443, flags}, Buffer.alloc(length))),
    );
  const back = (flags: number, length: number) =>
    ethernet(
      0x0800,
      ipv4({from: server, to: client, protocol: 6}, tcp({from: 443, to: port, flags}, Buffer.alloc(length))),
    );
  const data = [back(push, 1400), out(ack, 0), back(push, 900), out(ack, 0), out(push, 300)];
  return [
    out(syn, 0),
    back(syn | ack, 0),
    out(ack, 0),
    out(push, 517),
    ...data,
    out(fin, 0),
    back(fin, 0),
    out(ack, 0),
  ];
}

function others(n: number): Buffer[] {
  const client = `10.1.${n >> 8}.${n & 255}`;
  const dns = (from: string, to: string, fromPort: number, toPort: number, length: number) =>
    ethernet(0x0800, ipv4({from, to, protocol: 17}, udp(fromPort, toPort, Buffer.alloc(length))));
  const host = n.toString(16).padStart(32, '0').replace(/^..../, 'fd00');
  const inner = ipv6(host, 'fd000000000000000000000000000001', 17, udp(40_000 + n, 123, Buffer.alloc(48)));
  return [
    dns(client, '10.0.0.53', 30_000 + n, 53, 36),
    dns('10.0.0.53', client, 53, 30_000 + n, 180),
    ethernet(0x0800, ipv4({from: client, to: '10.0.0.1', protocol: 1}, icmp(8, 0, n, 1, Buffer.alloc(56)))),
    ethernet(0x0806, arp(1, '02:00:00:00:00:01', client, '10.0.0.1')),
    ethernet(0x86dd, inner, {vlans: [7]}),
  ];
}
