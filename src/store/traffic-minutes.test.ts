import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {settingsSchema} from '../config/settings.ts';
import {generatedFlow} from '../detect/surprise/flows/generated-flow.ts';
import {minute, second} from '../event/clock.ts';
import type {FlowEvent} from '../event/event.ts';
import {openReader} from './open-reader.ts';
import {emptyBatch} from './sink.ts';
import {openWriter, type StoreWriter} from './writer.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const {store: settings} = settingsSchema.parse({});
let folder: string;
let store: StoreWriter;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siem-traffic-'));
  store = await openWriter(folder, settings, () => start);
});
afterEach(() => {
  store.close();
  rmSync(folder, {recursive: true});
});

async function traffic(sql: string) {
  const reader = await openReader(folder, settings.engine);
  try {
    return reader.sql(`SELECT ${sql}`, 10_000).rows;
  } finally {
    reader.close();
  }
}

const write = (events: readonly FlowEvent[]) => store.write({...emptyBatch, events});
const flow = (position: number, more: Partial<FlowEvent> & {lasts?: number} = {}) =>
  generatedFlow({
    time: start,
    position,
    destinationIp: '203.0.113.7',
    service: 'https',
    bytesOut: 100,
    bytesIn: 900,
    packetsOut: 2,
    packetsIn: 3,
    ...more,
  });

test('each report of a flow counts what it adds, in its minute', async () => {
  write([flow(1, {ended: false})]);
  write([flow(1, {ended: false, lasts: 70 * second, bytesOut: 400, packetsOut: 5})]);
  write([flow(1, {lasts: 70 * second, bytesOut: 400, packetsOut: 5})]);
  const rows = await traffic(
    "timestamp, value, packets, sent, received, flows FROM traffic WHERE dimension = 'talker' ORDER BY timestamp, value",
  );
  expect(rows).toEqual([
    {timestamp: '2026-01-05T12:00:00.000000Z', value: '192.168.1.20', packets: 5, sent: 100, received: 900, flows: 1},
    {timestamp: '2026-01-05T12:00:00.000000Z', value: '203.0.113.7', packets: 5, sent: 900, received: 100, flows: 1},
    {timestamp: '2026-01-05T12:01:00.000000Z', value: '192.168.1.20', packets: 3, sent: 300, received: 0, flows: 0},
    {timestamp: '2026-01-05T12:01:00.000000Z', value: '203.0.113.7', packets: 3, sent: 0, received: 300, flows: 0},
  ]);
});

test('what is stored twice counts once', async () => {
  write([flow(1), flow(2, {transport: 'udp', service: ''})]);
  write([flow(1), flow(2, {transport: 'udp', service: ''})]);
  expect(
    await traffic("dimension, value, bytes, flows FROM traffic WHERE dimension <> 'talker' ORDER BY dimension, value"),
  ).toEqual([
    {dimension: 'service', value: '(unknown)', bytes: 1_000, flows: 1},
    {dimension: 'service', value: 'https', bytes: 1_000, flows: 1},
    {dimension: 'transport', value: 'tcp', bytes: 1_000, flows: 1},
    {dimension: 'transport', value: 'udp', bytes: 1_000, flows: 1},
  ]);
});

test('of many talkers the fifty largest stay, and the sums stay whole', async () => {
  const many = Array.from({length: 700}, (_, at) =>
    flow(at + 1, {sourceIp: `10.0.${at >> 8}.${at & 255}`, bytesOut: at, bytesIn: 0}),
  );
  for (let at = 0; at < many.length; at += 100) write(many.slice(at, at + 100));
  write([flow(900, {time: start + 5 * minute})]);
  const rows = await traffic(`value, sent, received FROM traffic WHERE dimension = 'talker' AND time = ${start}`);
  expect(rows).toHaveLength(51);
  expect(rows.map(({value}) => value)).toEqual(expect.arrayContaining(['203.0.113.7', '10.0.2.187', '(other)']));
  const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0);
  expect(sum('sent')).toBe((699 * 700) / 2);
  expect(sum('received')).toBe((699 * 700) / 2);
});
