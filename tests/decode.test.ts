import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {compareCapture, readCaptureFile} from '../bench/compare-capture.ts';
import {decodeMutated, everything, generator} from '../bench/mutated-packets.ts';
import {analyseMutated} from '../bench/mutated-traffic.ts';
import {askTshark, hasTshark, readTable} from '../bench/tshark.ts';
import {data, dataFolder, needs} from './needs.ts';

const suffix = '.expected.tsv';
const folder = (name: string) => join(dataFolder, 'pcap', name);
const filesIn = (name: string) => (existsSync(folder(name)) ? readdirSync(folder(name)).sort() : []);

needs(data)('odd encapsulations: every field of every packet is what tshark says', async () => {
  const expected = filesIn('decode').filter(name => name.endsWith(suffix));
  const found = expected.flatMap(name => {
    const file = join(folder('decode'), name.slice(0, -suffix.length));
    const {packets, differences} = compareCapture(file, readTable(readFileSync(join(folder('decode'), name), 'utf8')));
    return packets > 0 ? differences.map(text => `${name}: ${text}`) : [`${name}: no packets`];
  });
  expect(expected.length).toBeGreaterThan(10);
  expect(found).toEqual([]);
});

needs(data, hasTshark() ? '' : 'needs tshark')(
  'scans, tunnels and bulk traffic: every field is what tshark says',
  async () => {
    const files = filesIn('detect').filter(name => !name.includes('gro'));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files) {
      const file = join(folder('detect'), name);
      const {packets, differences} = compareCapture(file, askTshark(file));
      expect({name, differences, some: packets > 0}).toEqual({name, differences: [], some: true});
    }
  },
);

needs(data)('hostile captures: nothing throws, and nothing behind the captured bytes is ever read', async () => {
  const files = filesIn('hostile');
  const changed = files.filter(name => {
    return readCaptureFile(join(folder('hostile'), name)).packets.some(
      packet => everything(packet, 0) !== everything(packet, 255),
    );
  });
  expect(files.length).toBeGreaterThan(300);
  expect(changed).toEqual([]);
});

needs(data)('mutated packets: nothing throws, and the answer never depends on bytes behind the end', async () => {
  const seeds = ['decode', 'hostile'].flatMap(name =>
    filesIn(name)
      .filter(file => !file.endsWith(suffix))
      .flatMap(file => readCaptureFile(join(folder(name), file)).packets.slice(0, 20)),
  );
  expect(seeds.length).toBeGreaterThan(1000);
  expect(decodeMutated(seeds, 20_000).unequal).toBe(0);
  // The whole way: flows, applications, every detector.
  expect(() => analyseMutated(seeds, 50_000, generator(3))).not.toThrow();
});
