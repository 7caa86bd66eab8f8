import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ethernet, ipv4, udp} from '../../bench/packet-builder.ts';
import type {PacketRow} from '../pipeline/snapshot.ts';
import {exportShown} from './export-shown.ts';

const bytes = ethernet(0x0800, ipv4({from: '10.0.0.1', to: '10.0.0.2', protocol: 17}, udp(40_000, 53)));

const row: PacketRow = {
  time: Date.UTC(2026, 0, 15, 12) * 1000,
  source: '10.0.0.1',
  sourcePort: 40_000,
  destination: '10.0.0.2',
  destinationPort: 53,
  protocol: 'UDP',
  length: 900,
  information: '',
  interface: 'eth0',
  problem: '',
  link: 'ethernet',
  etherType: 0,
  vlan: -1,
  outgoing: true,
  bytes: bytes.toString('base64'),
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-export-'));
});

afterEach(() => rmSync(folder, {recursive: true}));

test('listed packets become a pcapng file with their bytes and their length on the wire', () => {
  expect(exportShown([row, row], folder)).toMatch(/^2 packets written to .*siem-packets-20260115120000000\.pcapng$/);
  const file = readFileSync(join(folder, readdirSync(folder)[0] ?? ''));
  expect(file.readUInt32LE(0)).toBe(0x0a0d0d0a);
  const at = file.indexOf(bytes);
  expect([file.readUInt32LE(at - 8), file.readUInt32LE(at - 4)]).toEqual([bytes.length, 900]);
  expect(file.indexOf(bytes, at + 1)).toBeGreaterThan(at);
});

test('a file that is there already is left as it is, and nothing listed writes nothing', () => {
  exportShown([row], folder);
  expect(exportShown([row], folder)).toMatch(/^could not write /);
  expect(exportShown([], folder)).toBe('no packet is listed');
  expect(readdirSync(folder)).toHaveLength(1);
});
