// How fast Zeek's and Suricata's logs are read on one core: `npm run -s bench:sensor-logs [-- --lines 200000]`. A conn.log
// (TSV) and an eve.json (flows, look-ups, TLS) are made, then read to events, and read to the lines of `siem read`.
// One JSON line; seconds of the processor beside those of the clock, for other programs may be running.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {openFile} from '../src/capture/files/open-file.ts';
import {isoTime, toEcs} from '../src/event/ecs.ts';

const flow = (at: number) => ({
  app_proto: 'tls',
  flow: {
    ...{pkts_toserver: 12, pkts_toclient: 14, bytes_toserver: 1100 + at, bytes_toclient: 9700, age: 3},
    ...{start: '2026-01-05T11:59:57.000000+0000', end: '2026-01-05T12:00:00.000000+0000'},
    ...{state: 'closed', reason: 'timeout', alerted: false},
  },
  tcp: {tcp_flags: '1b', tcp_flags_ts: '1b', tcp_flags_tc: '1b', syn: true, fin: true, psh: true, ack: true},
});

const parts: readonly ((at: number) => object)[] = [
  flow,
  at => ({
    dns: {
      ...{version: 2, type: 'answer', id: at % 65_536, flags: '8180', qr: true, rd: true, ra: true, rcode: 'NOERROR'},
      ...{rrname: `h${at}.example.org`, rrtype: 'A', grouped: {A: ['192.0.2.7']}},
      answers: [{rrname: `h${at}.example.org`, rrtype: 'A', ttl: 60, rdata: '192.0.2.7'}],
    },
  }),
  flow,
  () => ({
    tls: {
      ...{
        subject: 'CN=x.example.org',
        issuerdn: 'C=US, O=CA',
        serial: '00:11',
        fingerprint: 'aa:bb',
        version: 'TLS 1.2',
      },
      ...{sni: 'x.example.org', notbefore: '2026-01-01T00:00:00', notafter: '2026-04-01T00:00:00'},
      ja3: {hash: 'a0e9f5d64349fb13191bc781f81f42e1', string: '771,4865-4866'},
    },
  }),
];

const {values} = parseArgs({options: {lines: {type: 'string', default: '200000'}}});
const lines = Number(values.lines);
const folder = mkdtempSync(join(tmpdir(), 'siem-sensor-logs-'));
try {
  const results: Record<string, unknown> = {bench: 'sensor-logs', lines};
  for (const [name, make] of [['conn.log', connLog] as const, ['eve.json', eveLog] as const]) {
    const path = join(folder, name);
    writeFileSync(path, make());
    await measure(path, false);
    results[name] = {toEvents: await measure(path, false), toRecords: await measure(path, true)};
  }
  process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  rmSync(folder, {recursive: true, force: true});
}

async function measure(path: string, written: boolean): Promise<Record<string, number>> {
  const reader = await openFile(path);
  let events = 0;
  let bytes = 0;
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const context = {agent: 'read', host: 'pc', clock: () => 1, maxLine: 65_536, problem: () => {}};
  for await (const batch of reader.read(context)) {
    events += batch.events.length;
    if (written) for (const event of batch.events) bytes += JSON.stringify(toEcs(event)).length;
  }
  const seconds = (performance.now() - begun) / 1000;
  const {user, system} = process.cpuUsage(cpu);
  if (events !== lines) throw new Error(`expected ${lines} events of ${path}, got ${events}`);
  const perCpuSecond = Math.round((events * 1e6) / (user + system));
  return {perSecond: Math.round(events / seconds), perCpuSecond, ...(written ? {bytes} : {})};
}

function connLog(): string {
  const columns: readonly (readonly [string, string])[] = [
    ...([
      ['ts', 'time'],
      ['uid', 'string'],
      ['id.orig_h', 'addr'],
      ['id.orig_p', 'port'],
      ['id.resp_h', 'addr'],
    ] as const),
    ...([
      ['id.resp_p', 'port'],
      ['proto', 'enum'],
      ['service', 'string'],
      ['duration', 'interval'],
    ] as const),
    ...([
      ['orig_bytes', 'count'],
      ['resp_bytes', 'count'],
      ['conn_state', 'string'],
      ['local_orig', 'bool'],
    ] as const),
    ...([
      ['local_resp', 'bool'],
      ['missed_bytes', 'count'],
      ['history', 'string'],
      ['orig_pkts', 'count'],
    ] as const),
    ...([
      ['orig_ip_bytes', 'count'],
      ['resp_pkts', 'count'],
      ['resp_ip_bytes', 'count'],
    ] as const),
    ...([['tunnel_parents', 'set[string]']] as const),
  ];
  const row = (at: number) =>
    [
      ...[
        (1_767_614_400 + at * 0.05).toFixed(6),
        `C${at.toString(36)}x${at * 7919}`,
        `10.0.0.${at % 250}`,
        1024 + (at % 60_000),
      ],
      ...[`192.0.2.${at % 200}`, 443, 'tcp', 'ssl', (at % 90) / 10, 500 + at, 9000, 'SF', 'T', 'F', 0, 'ShADadFf'],
      ...[12, 1100, 14, 9700, '-'],
    ].join('\t');
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tconn',
    `#fields\t${columns.map(([name]) => name).join('\t')}`,
    `#types\t${columns.map(([, type]) => type).join('\t')}`,
    ...Array.from({length: lines}, (_, at) => row(at)),
    '',
  ].join('\n');
}

function eveLog(): string {
  const stamp = (at: number) => isoTime(1_767_614_400_000_000 + at * 50_000).replace('Z', '+0000');
  const record = (at: number) => ({
    ...{timestamp: stamp(at), flow_id: 1e15 + at, in_iface: 'eth0', event_type: ['flow', 'dns', 'flow', 'tls'][at % 4]},
    ...{src_ip: `10.0.0.${at % 250}`, src_port: 1024 + (at % 60_000), dest_ip: `192.0.2.${at % 200}`, dest_port: 443},
    ...{proto: 'TCP', community_id: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=', ...parts[at % 4]?.(at)},
  });
  return Array.from({length: lines}, (_, at) => `${JSON.stringify(record(at))}\n`).join('');
}
