import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {data, dataFolder, needs} from './needs.ts';
import {cleanUp, program, type Row, workFolder} from './support/siem.ts';

afterEach(cleanUp);

const captures = join(dataFolder, 'pcap');

/** What the network detectors say of captures, in one run. */
function alertsOf(paths: readonly string[], settings: Readonly<Record<string, string>> = {}): Row[] {
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, 'scan', '-o', 'ndjson', ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {...process.env, SIEM_DATA_DIR: workFolder(), ...settings},
  });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  const rows: Row[] = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
  return rows.filter(row => String(row['rule.id']).startsWith('network.'));
}

function detect(name: string): string {
  return join(captures, 'detect', name);
}

function sums(rows: readonly Row[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const row of rows) {
    const key = `${row['rule.id']} ${row['source.ip'] ?? row['destination.ip']}`;
    sum[key] = (sum[key] ?? 0) + Number(row['event.count']);
  }
  return sum;
}

needs(data)(
  'small captures of scans are told at a threshold of five, with every host',
  async () => {
    const five = {SIEM_NETWORK_SCAN_PORTS: '5', SIEM_NETWORK_SCAN_HOSTS: '5'};
    const worm = alertsOf([detect('445_scan.pcap')], five);
    expect(sums(worm)).toEqual({'network.scan.horizontal 176.192.150.3': 9});
    expect(worm.at(-1)?.['event.reason']).toContain('tried port 445 of 9 hosts');
    const several = alertsOf([detect('multiport_scan.pcap')], five);
    expect(sums(several)).toEqual({'network.scan.horizontal 125.27.226.209': 10});
    expect(several.at(-1)?.['event.reason']).toContain('10 hosts on 3 ports (80, 8080, 88)');
  },
  60_000,
);

needs(data)(
  'what is in the captures is told as it is known to be',
  async () => {
    const probes = alertsOf([detect('tcp_scan.pcapng')]);
    expect(sums(probes)).toEqual({'network.scan.stealth 192.168.1.178': 3});
    expect(probes.map(row => /sends (\S+) probes/.exec(String(row['event.reason']))?.[1])).toEqual([
      'FIN',
      'NULL',
      'XMAS',
    ]);
    const icmp = alertsOf([detect('oversized-icmp.pcap')]);
    expect(sums(icmp)).toMatchObject({
      'network.icmp.oversized 204.252.102.11': 31,
      'network.icmp.unknown 204.252.102.11': 46,
    });
    const reasons = icmp.map(row => String(row['event.reason'])).join('\n');
    expect(reasons).toContain('42 packets of an unknown type so far');
    expect(reasons).toContain('4 packets of an unknown code so far');
    const answers = alertsOf([detect('backscatter.trace')]);
    expect(new Set(answers.map(row => row['rule.id']))).toEqual(new Set(['network.backscatter']));
    expect(answers.length).toBeLessThan(10);
  },
  60_000,
);

needs(data)(
  'ordinary captures raise nothing: offload, peers, industrial control, odd encapsulations',
  async () => {
    const ordinary = ['gro-pgsql.pcap', 'ethereum.pcap', 'modbusSmall.pcap'].map(detect);
    expect(alertsOf(ordinary)).toEqual([]);
    const odd = readdirSync(join(captures, 'decode')).filter(name => /\.pcap(?:ng)?$/.test(name));
    const loud = alertsOf(odd.map(name => join(captures, 'decode', name))).filter(row => row['rule.level'] !== 'low');
    expect(loud.map(row => [row['file.path'], row['event.reason']])).toEqual([]);
  },
  60_000,
);
