import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {pcapFile} from '../bench/packet-builder.ts';
import {mixedTraffic} from '../bench/traffic.ts';
import {data, dataFolder, linux, needs} from './needs.ts';
import {cleanUp, program, type Row, workFolder} from './support/siem.ts';

afterEach(cleanUp);

/** What `siem scan` finds in a capture by its detectors of flows and rows, above low. */
function loud(file: string): Row[] {
  const path = `${dataFolder}/pcap/detect/${file}`;
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, 'scan', '-o', 'ndjson', path], {
    encoding: 'utf8',
    env: {...process.env, SIEM_DATA_DIR: workFolder()},
  });
  expect({status: status === 0 || status === 1, stderr}).toMatchObject({status: true});
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map((line): Row => JSON.parse(line))
    .filter(row => flowRule.test(String(row['rule.id'])) && /medium|high|critical/.test(String(row['rule.level'])));
}

const flowRule = /^network\.(?:dns|beacon|connection|exfiltration|first|indicator)/;

needs(linux, data)('the tunnel of a real capture is found, with its queries', async () => {
  const found = loud('dns-tunnel-iodine.pcap');
  expect(new Set(found.map(row => `${row['rule.id']} ${row['rule.level']}`))).toEqual(
    new Set(['network.dns.tunnel high']),
  );
  expect(found.at(-1)?.['event.reason']).toMatch(/^10\.0\.2\.30 asked for 20\d different names under pirate\.sea/);
});

needs(linux, data)(
  'other real captures raise nothing above low',
  async () => {
    for (const file of ['ethereum.pcap', 'modbusSmall.pcap', 'gro-pgsql.pcap', 'backscatter.trace'])
      expect({file, found: loud(file)}).toEqual({file, found: []});
  },
  60_000,
);

needs(linux)('a capture that is cut is read as far as it goes, and that is said by read and by scan', async () => {
  const folder = workFolder();
  const path = join(folder, 'cut.pcap');
  writeFileSync(path, pcapFile(mixedTraffic(2)).subarray(0, -3));
  const run = (command: string) =>
    spawnSync(process.execPath, [program, command, '-o', 'ndjson', path], {
      encoding: 'utf8',
      env: {...process.env, SIEM_DATA_DIR: folder},
    });
  const read = run('read');
  expect({status: read.status, stderr: read.stderr}).toEqual({
    status: 0,
    stderr: `${path}: the file ends within a packet\n`,
  });
  expect(read.stdout.split('\n').length).toBeGreaterThan(5);
  expect(run('scan').stderr).toContain(`${path}: the file ends within a packet\n`);
});
