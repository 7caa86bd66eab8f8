import {ethernet, ipv4, tcp, udp} from '../../../bench/packet-builder.ts';
import {settingsSchema} from '../../config/settings.ts';
import {Analyser} from './analyser.ts';
import {addressText} from './decode/address.ts';
import {FrameSplitter} from './frame-splitter.ts';
import {Outbox} from './outbox.ts';
import {readMessage} from './read-message.ts';

/** What a live analyser on the machine 10.0.0.1 says of flows that begin, as `number source:port destination:port`. */
function announced(...frames: readonly Buffer[]): string[] {
  const told: string[] = [];
  const splitter = new FrameSplitter();
  const outbox = new Outbox({
    write: bytes => {
      for (const whole of splitter.push(Buffer.from(bytes))) {
        const message = readMessage(whole);
        if (message.type !== 'begun') continue;
        for (const {number, words, sourcePort, destinationPort} of message.flows) {
          const [source, destination] = [words.slice(0, 4), words.slice(4)].map(([a = 0, b = 0, c = 0, d = 0]) =>
            addressText(4, a, b, c, d),
          );
          told.push(`${number} ${source}:${sourcePort} ${destination}:${destinationPort}`);
        }
      }
    },
    pending: () => 0,
  });
  const facts = [{name: 'eth0', mtu: 1500, aggregates: true, loopback: false}];
  const {network} = settingsSchema.parse({});
  const analyser = new Analyser(outbox, {maxFlows: 100, seed: 1, facts, network, watched: true});
  analyser.setOwn({ip: ['10.0.0.1'], mac: []});
  for (const [at, bytes] of frames.entries()) {
    const place = {bytes, start: 0, end: bytes.length, wire: bytes.length, time: at, outgoing: false, vlan: -1};
    analyser.packet({...place, link: 'ethernet', etherType: 0}, 0);
    outbox.flushBegun();
  }
  return told;
}

const segment = (from: string, to: string, fromPort: number, toPort: number, flags: number) =>
  ethernet(0x0800, ipv4({from, to, protocol: 6}, tcp({from: fromPort, to: toPort, flags})));

test("this machine's connections are told of when they begin, once, from who began them", () => {
  const syn = segment('10.0.0.1', '10.0.0.2', 50_000, 443, 2);
  const answer = segment('10.0.0.2', '10.0.0.1', 443, 50_000, 0x12);
  expect(announced(syn, answer, syn)).toEqual(['1 10.0.0.1:50000 10.0.0.2:443']);
  expect(announced(answer)).toEqual(['1 10.0.0.1:50000 10.0.0.2:443']);
});

test("other machines' conversations are not, nor what has no process", () => {
  const datagram = ethernet(0x0800, ipv4({from: '10.0.0.9', to: '10.0.0.1', protocol: 17}, udp(53, 40_000)));
  const ping = ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 1}, Buffer.alloc(8)));
  expect(announced(segment('10.0.0.3', '10.0.0.2', 50_000, 443, 2), ping, datagram)).toEqual([
    '3 10.0.0.1:40000 10.0.0.9:53',
  ]);
});
