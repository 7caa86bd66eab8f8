import {mkdtempSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {AppLog} from '../config/app-log.ts';
import {settingsSchema} from '../config/settings.ts';
import {mmdb} from '../detect/geo/mmdb.fixture.ts';
import {GeoKeeper} from './geo-keeper.ts';
import type {StartupLine} from './snapshot.ts';

let folder: string;
let keeper: GeoKeeper;
let told: StartupLine[];
let logged: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'siem-geo-keeper-'));
  told = [];
  logged = [];
  const log = {info: () => {}, warning: (line: string) => logged.push(line)};
  const settings = settingsSchema.parse({network: {geoip: 'a.mmdb, b.mmdb'}, rules: {watch_seconds: '1'}});
  keeper = new GeoKeeper({
    ...{settings, dataDir: folder, log: log as unknown as AppLog},
    tell: line => told.push(line),
  });
});
afterEach(async () => {
  await keeper.stop();
  rmSync(folder, {recursive: true});
});

/** Written beside and moved into its place, as those who update a database do. */
function write(name: string, content: Buffer | string): void {
  writeFileSync(join(folder, 'new'), content);
  renameSync(join(folder, 'new'), join(folder, name));
}

const inCountry = (code: string) => mmdb('Test-Country', [['203.0.113.0/24', {country: {iso_code: code}}]]);
const place = () => keeper.now?.placeOf('203.0.113.7');

async function toldOf(number: number): Promise<StartupLine | undefined> {
  while (told.length < number) await pause(20);
  expect(told).toHaveLength(number);
  return told.at(-1);
}

test('a file that is missing at the start is read when it comes, and again when it changes', async () => {
  write('b.mmdb', mmdb('Test-ASN', [['203.0.113.0/24', {autonomous_system_number: 64_500}]]));
  await keeper.start();
  expect(await toldOf(1)).toMatchObject({
    what: 'geoip',
    state: 'note',
    detail: expect.stringMatching(/1 of 2.*a\.mmdb/),
  });
  expect(logged).toEqual([expect.stringMatching(/a\.mmdb: there is no such file; expected a MaxMind database/)]);
  expect(place()).toEqual({asNumber: 64_500});
  write('a.mmdb', inCountry('NL'));
  expect(await toldOf(2)).toMatchObject({state: 'ok', detail: '2 of 2 databases open'});
  expect(place()).toEqual({asNumber: 64_500, country: 'NL'});
  write('a.mmdb', inCountry('BR'));
  await toldOf(3);
  expect(place()).toEqual({asNumber: 64_500, country: 'BR'});
}, 20_000);

test.each([
  ['broken', () => write('a.mmdb', 'no database')],
  ['cut short', () => write('a.mmdb', inCountry('BR').subarray(0, -30))],
  ['gone', () => rmSync(join(folder, 'a.mmdb'))],
])(
  'of a file that is %s the last good version stays in force, and that is said',
  async (_, damage) => {
    write('b.mmdb', inCountry('NL'));
    write('a.mmdb', inCountry('NL'));
    await keeper.start();
    expect(told).toMatchObject([{state: 'ok'}]);
    damage();
    write('b.mmdb', mmdb('Test-ASN', [['203.0.113.0/24', {autonomous_system_number: 64_501}]]));
    const line = await toldOf(2);
    expect(line).toMatchObject({
      state: 'note',
      detail: expect.stringMatching(/a\.mmdb: .*; what was read of it before stays/),
    });
    expect(logged).toHaveLength(1);
    expect(place()).toEqual({asNumber: 64_501, country: 'NL'});
  },
  20_000,
);

test('files that stay as they are, here or missing, are not read again', async () => {
  write('a.mmdb', inCountry('NL'));
  await keeper.start();
  const before = keeper.now;
  await pause(2_200);
  expect(keeper.now).toBe(before);
  expect([told.length, logged.length]).toEqual([1, 1]);
}, 20_000);
