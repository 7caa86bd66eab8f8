import {ethernet, ipv4, udp} from '../../bench/packet-builder.ts';
import {localInspection} from '../../tests/fixtures/local-inspection.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';
import {mostMatches, PacketFeed} from './packet-feed.ts';
import type {PacketInspection} from './packet-inspection.ts';

function packet(time: number): PacketRow {
  return {
    time,
    source: '10.0.0.1',
    sourcePort: 40_000,
    destination: '10.0.0.2',
    destinationPort: time % 10 === 0 ? 53 : 443,
    protocol: 'UDP',
    length: 60,
    information: '',
    interface: 'eth0',
    problem: '',
    link: 'ethernet',
    etherType: 0,
    vlan: -1,
    outgoing: false,
    bytes: '',
  };
}

/** With its bytes: a DNS question at times that are whole tens, and none else. */
function captured(time: number): PacketRow {
  const frame = ethernet(
    0x0800,
    ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 17}, udp(40_000, time % 10 === 0 ? 53 : 443, Buffer.alloc(4))),
  );
  return {...packet(time), bytes: frame.toString('base64')};
}

function feedWith(inspection: PacketInspection = localInspection()) {
  const told: string[] = [];
  const feed = new PacketFeed({
    inspection,
    onChange: () => told.push('changed'),
    onError: message => told.push(message),
  });
  return Object.assign(feed, {told});
}

const settled = () => new Promise(resolve => setImmediate(resolve));
const capturedWindow = (from: number, to: number) =>
  Array.from({length: to - from}, (_, index) => captured(from + index));
const window = (from: number, to: number) => Array.from({length: to - from}, (_, index) => packet(from + index));
const times = (rows: readonly PacketRow[]) => rows.map(({time}) => time);

test('what matches a filter stays when the snapshot’s window has passed it, each once', () => {
  const feed = feedWith();
  feed.update(window(0, 20), true, 'dport:53');
  feed.update(window(15, 35), true, 'dport:53');
  const shown = window(100, 120);
  feed.update(shown, true, 'dport:53');
  expect(times(feed.update(shown, true, 'dport:53'))).toEqual([0, 10, 20, 30, 100, 110]);
});

test('another filter begins with what is there, and without one all of it is shown', () => {
  const feed = feedWith();
  feed.update(window(0, 20), true, 'dport:53');
  expect(times(feed.update(window(20, 40), true, 'dport:443 sport:1'))).toEqual([]);
  expect(times(feed.update(window(20, 40), true, 'dport:53'))).toEqual([20, 30]);
  expect(feed.update(window(20, 40), true, '')).toHaveLength(20);
  expect(times(feed.update(window(40, 60), true, 'dport:53'))).toEqual([40, 50]);
});

test('matches are bounded, and do not move while the reader stands still', () => {
  const feed = feedWith();
  let rows: readonly PacketRow[] = [];
  for (let at = 0; at < 20 * mostMatches; at += 200) rows = feed.update(window(at, at + 200), true, 'dport:53');
  expect(rows).toHaveLength(mostMatches);
  const still = feed.update(window(90_000, 90_020), false, 'dport:53');
  expect(times(still).slice(0, mostMatches)).toEqual(times(rows));
  expect(times(still).slice(mostMatches)).toEqual([90_000, 90_010]);
});

test('a filter of bytes is answered a moment later, and what came meanwhile is asked about then', async () => {
  const feed = feedWith();
  expect(feed.update(capturedWindow(0, 25), true, 'bpf udp port 53')).toEqual([]);
  const later = capturedWindow(20, 45);
  expect(feed.update(later, true, 'bpf udp port 53')).toEqual([]);
  await settled();
  expect(feed.told).toEqual(['changed']);
  expect(times(feed.update(later, true, 'bpf udp port 53'))).toEqual([0, 10, 20]);
  await settled();
  expect(times(feed.update(later, true, 'bpf udp port 53'))).toEqual([0, 10, 20, 30, 40]);
  await settled();
  expect(feed.told).toEqual(['changed', 'changed']);
});

test('an answer to a filter that is no longer set changes nothing', async () => {
  const feed = feedWith();
  const rows = capturedWindow(0, 20);
  feed.update(rows, true, 'bpf udp port 53');
  expect(feed.update(rows, true, 'dport:443')).toHaveLength(18);
  await settled();
  expect(feed.told).toEqual([]);
  expect(feed.update(rows, true, 'dport:443')).toHaveLength(18);
});

test('where bytes cannot be asked the reason is told, and the next packets are asked about again', async () => {
  let fails = true;
  const local = localInspection();
  const match: PacketInspection['match'] = async (filter, packets) => {
    if (fails) throw new Error('the process ended');
    return local.match(filter, packets);
  };
  const feed = feedWith({...local, match});
  feed.update(capturedWindow(0, 20), true, 'bpf udp port 53');
  await settled();
  expect(feed.told).toEqual(['not filtered: the process ended']);
  fails = false;
  feed.update(capturedWindow(20, 40), true, 'bpf udp port 53');
  await settled();
  expect(times(feed.update(capturedWindow(20, 40), true, 'bpf udp port 53'))).toEqual([20, 30]);
});
