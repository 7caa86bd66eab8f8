import type {PacketRow} from '../pipeline/snapshot.ts';
import {mostMatches, PacketFeed} from './packet-feed.ts';

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

const window = (from: number, to: number) => Array.from({length: to - from}, (_, index) => packet(from + index));
const times = (rows: readonly PacketRow[]) => rows.map(({time}) => time);

test('what matches a filter stays when the snapshot’s window has passed it, each once', () => {
  const feed = new PacketFeed();
  feed.update(window(0, 20), true, 'dport:53');
  feed.update(window(15, 35), true, 'dport:53');
  const shown = window(100, 120);
  feed.update(shown, true, 'dport:53');
  expect(times(feed.update(shown, true, 'dport:53'))).toEqual([0, 10, 20, 30, 100, 110]);
});

test('another filter begins with what is there, and without one all of it is shown', () => {
  const feed = new PacketFeed();
  feed.update(window(0, 20), true, 'dport:53');
  expect(times(feed.update(window(20, 40), true, 'dport:443 sport:1'))).toEqual([]);
  expect(times(feed.update(window(20, 40), true, 'dport:53'))).toEqual([20, 30]);
  expect(feed.update(window(20, 40), true, '')).toHaveLength(20);
  expect(times(feed.update(window(40, 60), true, 'dport:53'))).toEqual([40, 50]);
});

test('matches are bounded, and do not move while the reader stands still', () => {
  const feed = new PacketFeed();
  let rows: readonly PacketRow[] = [];
  for (let at = 0; at < 20 * mostMatches; at += 200) rows = feed.update(window(at, at + 200), true, 'dport:53');
  expect(rows).toHaveLength(mostMatches);
  const still = feed.update(window(90_000, 90_020), false, 'dport:53');
  expect(times(still).slice(0, mostMatches)).toEqual(times(rows));
  expect(times(still).slice(mostMatches)).toEqual([90_000, 90_010]);
});
