import {ethernet, ipv4, udp} from '../../../bench/packet-builder.ts';
import {settingsSchema} from '../../config/settings.ts';
import {Analyser} from './analyser.ts';
import {FrameSplitter} from './frame-splitter.ts';
import {type DisplayPacket, displayedBytes} from './messages.ts';
import {Outbox} from './outbox.ts';
import {packetRow} from './packet-callbacks.ts';
import {readMessage} from './read-message.ts';

/** Sends one packet through an analyser and gives what the screen would be sent of it. */
function displayed(frame: Buffer, change: {vlan?: number; outgoing?: boolean} = {}): DisplayPacket | undefined {
  const splitter = new FrameSplitter();
  const shown: DisplayPacket[] = [];
  const outbox = new Outbox({
    write: bytes => {
      for (const whole of splitter.push(Buffer.from(bytes))) {
        const message = readMessage(whole);
        if (message.type === 'packets') shown.push(...message.packets);
      }
    },
    pending: () => 0,
  });
  const facts = [{name: 'eth0', mtu: 1500, aggregates: true, loopback: false}];
  const {network} = settingsSchema.parse({});
  const analyser = new Analyser(outbox, {maxFlows: 100, seed: 1, facts, network, watched: true});
  // As a backend hands it over: somewhere within bytes that are another packet's soon.
  const ring = Buffer.concat([Buffer.alloc(100, 1), frame, Buffer.alloc(100, 2)]);
  const [start, end] = [100, 100 + frame.length];
  const place = {bytes: ring, start, end, wire: frame.length, time: 5, outgoing: false, vlan: -1};
  analyser.packet({...place, link: 'ethernet', etherType: 0, ...change}, 0);
  ring.fill(0xee);
  outbox.flush(undefined);
  return shown[0];
}

const ends = {from: '10.0.0.1', to: '10.0.0.2'};

test('a shown packet brings its own bytes, whatever becomes of the buffer it was captured in', () => {
  const frame = ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(40_000, 9, Buffer.alloc(20, 7))));
  const shown = displayed(frame, {vlan: 7, outgoing: true});
  expect(shown).toMatchObject({link: 'ethernet', vlan: 7, outgoing: true, length: frame.length, problem: ''});
  expect(Buffer.from(shown?.bytes ?? []).equals(frame)).toBe(true);
  expect(shown && packetRow(shown, 'eth0').bytes).toBe(frame.toString('base64'));
});

test('of a long packet only the first bytes come', () => {
  const frame = ethernet(0x0800, ipv4({...ends, protocol: 17}, udp(40_000, 9, Buffer.alloc(1_400, 7))));
  const shown = displayed(frame);
  expect([shown?.bytes.length, shown?.length]).toEqual([displayedBytes, frame.length]);
});

test('what is wrong with a packet comes along', () => {
  expect(displayed(ethernet(0x0800, ipv4({...ends, protocol: 17}, Buffer.alloc(3))))?.problem).toBe('udp.too_short');
});
