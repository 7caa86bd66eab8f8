import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {generatedFlow} from '../surprise/flows/generated-flow.ts';
import {enrichFlows} from './enrich-flows.ts';
import {GeoDatabases, readGeoFiles} from './geo-databases.ts';
import {mmdb} from './mmdb.fixture.ts';

let folder: string;
let databases: GeoDatabases;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'siem-geo-'));
  const [country, asn] = [join(folder, 'country.mmdb'), join(folder, 'asn.mmdb')];
  writeFileSync(
    country,
    mmdb('Test-Country', [
      ['203.0.113.0/24', {country: {iso_code: 'NL'}}],
      ['198.51.100.0/25', {country: {iso_code: 'BR'}}],
    ]),
  );
  writeFileSync(
    asn,
    mmdb('Test-ASN', [
      ['203.0.112.0/20', {autonomous_system_number: 64_500, autonomous_system_organization: 'Example\u001b Net'}],
    ]),
  );
  databases = new GeoDatabases((await readGeoFiles([country, asn])).contents);
});

afterAll(() => rmSync(folder, {recursive: true}));

test('a flow gets the country and the network of its outside ends', () => {
  const [there, back, inside] = enrichFlows(
    [
      generatedFlow({time: 1, destinationIp: '203.0.113.9', fields: {'destination.domain': 'example.com'}}),
      generatedFlow({time: 1, sourceIp: '198.51.100.7', destinationIp: '192.168.1.5'}),
      generatedFlow({time: 1, destinationIp: '192.168.1.5'}),
    ],
    databases,
  );
  expect(there).toMatchObject({
    fields: {
      ...{'destination.domain': 'example.com', 'destination.geo.country_iso_code': 'NL'},
      ...{'destination.as.number': 64_500, 'destination.as.organization.name': 'Example␛ Net'},
    },
  });
  expect(back).toMatchObject({fields: {'source.geo.country_iso_code': 'BR'}});
  expect(inside).toEqual(generatedFlow({time: 1, destinationIp: '192.168.1.5'}));
});

test('what no database has, and what is no address, stays as it is', () => {
  const flows = ['198.51.100.200', '2001:db8::1', 'nonsense', ''].map(destinationIp =>
    generatedFlow({time: 1, destinationIp}),
  );
  expect(enrichFlows(flows, databases)).toEqual(flows);
});

test('a file that is none is a fault, and the others are used', async () => {
  const broken = join(folder, 'broken.mmdb');
  writeFileSync(broken, 'not a database');
  const {contents, faults} = await readGeoFiles([broken, join(folder, 'missing.mmdb'), join(folder, 'country.mmdb')]);
  expect(faults.map(({path}) => path)).toEqual([broken, join(folder, 'missing.mmdb')]);
  expect(new GeoDatabases(contents).placeOf('203.0.113.1')).toEqual({country: 'NL'});
});
