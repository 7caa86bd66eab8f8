import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {minute, second} from '../../event/clock.ts';
import {demoLength, writeDemo} from './demo-files.ts';

const start = 1_700_000_000_000_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-demo-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

test('the same seed gives the same files, another seed others', async () => {
  const read = async (seed: number) => {
    const files = await writeDemo(folder, {seed, start, length: minute});
    return Object.values(files).map(file => readFileSync(file).toString('base64'));
  };
  const first = await read(7);
  expect(await read(7)).toEqual(first);
  expect(await read(8)).not.toEqual(first);
});

test('no silence of the capture is so long that replaying would cut it', async () => {
  const {capture} = await writeDemo(folder, {seed: 1, start, length: demoLength});
  const bytes = readFileSync(capture);
  const times: number[] = [];
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8))
    times.push(bytes.readUInt32LE(at) * 1_000_000 + bytes.readUInt32LE(at + 4));
  expect(times[0]).toBe(start);
  expect(Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)))).toBeLessThan(second);
});

test('a day of history lies before the start, every phase of the attack after it, all in order', async () => {
  const files = await writeDemo(folder, {seed: 1, start, length: 2 * minute});
  const times = (file: string) =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('{'))
      .map(line => Date.parse(line.slice(0, 32)) * 1000);
  const history = times(files.history);
  expect(history.length).toBeGreaterThan(3_000);
  expect(history).toEqual([...history].sort((a, b) => a - b));
  expect(Math.max(...history)).toBeLessThan(start);
  const log = readFileSync(files.log, 'utf8');
  expect(times(files.log)).toEqual([...times(files.log)].sort((a, b) => a - b));
  for (const sign of [
    'UFW BLOCK',
    'Failed password',
    'Accepted password for backup',
    'Started relay-agent',
    'port_opened',
    'uploading',
  ]) {
    expect(log).toContain(sign);
  }
});
