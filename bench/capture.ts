// Packets from one network namespace to another over a veth pair, at rising rates, with decoding, flows and all network
// detectors on: how many were lost, and what a packet cost. One line of JSON a rate.
//
// npm run bench:capture -- [--backend=ring|pcap|cap] [RATE …]   packets a second; 0 is as fast as the sender can

import {spawn, spawnSync} from 'node:child_process';
import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {findCap} from '../src/capture/packets/cap.ts';
import type {BackendName} from '../src/capture/packets/choose-backend.ts';
import {launchSensor} from '../src/capture/packets/launch-sensor.ts';
import type {CaptureCounters} from '../src/capture/packets/messages.ts';
import {settingsSchema} from '../src/config/settings.ts';
import {mixedTraffic} from './traffic.ts';
import {TurnRate} from './turn-rate.ts';

const sender = `siem-bench-${process.pid}a`;
const receiver = `siem-bench-${process.pid}b`;
const secondsEach = 4;
const script = fileURLToPath(import.meta.url);
const senderScript = fileURLToPath(new URL('./packet-sender.js', import.meta.url));

const backendFlag = '--backend=';
const asked = process.argv.find(word => word.startsWith(backendFlag))?.slice(backendFlag.length) ?? 'ring';
const backend = ['ring', 'pcap', 'cap'].find(name => name === asked) as BackendName | undefined;
const words = process.argv.filter(word => !word.startsWith(backendFlag) && word !== '--');
const capPath = findCap();

if (words[2] === '--inside')
  await measure(backend ?? 'ring', words[3] ?? '', words[4] ?? '', words.slice(5).map(Number));
else run();

function run(): void {
  const missing = whatIsMissing();
  if (missing !== undefined) {
    process.stderr.write(`bench capture skipped: ${missing}\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'siem-bench-'));
  const rates = words.length > 2 ? words.slice(2) : ['100000', '200000', '300000', '0'];
  try {
    makeNetwork();
    const inside = [
      'netns',
      'exec',
      receiver,
      process.execPath,
      script,
      '--inside',
      sender,
      folder,
      ...rates,
      backendFlag + asked,
    ];
    spawnSync('ip', inside, {stdio: 'inherit'});
  } finally {
    for (const name of [sender, receiver]) spawnSync('ip', ['netns', 'del', name]);
    rmSync(folder, {recursive: true});
  }
}

function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  if (backend === undefined) return `needs --backend=ring, pcap or cap, got ${asked}`;
  if (backend === 'cap' && capPath === undefined) return 'needs the package cap';
  return spawnSync('ip', ['-V']).error ? 'needs ip' : undefined;
}

function makeNetwork(): void {
  const ip = (...words: readonly string[]) => {
    const done = spawnSync('ip', words, {encoding: 'utf8'});
    if (done.status !== 0) throw new Error(`ip ${words.join(' ')}: ${done.stderr}`);
  };
  ip('netns', 'add', sender);
  ip('netns', 'add', receiver);
  ip('-n', sender, 'link', 'add', 'siemA', 'type', 'veth', 'peer', 'name', 'siemB', 'netns', receiver);
  ip('-n', sender, 'link', 'set', 'siemA', 'up');
  ip('-n', receiver, 'link', 'set', 'siemB', 'up');
}

async function measure(backend: BackendName, from: string, folder: string, rates: readonly number[]): Promise<void> {
  const packetsInFile = mixedTraffic().length;
  for (const rate of rates) {
    const ring = openSync(join(folder, 'recent.ring'), 'w+');
    const sensor = launchSensor(
      {
        mode: 'live',
        backend,
        ...(capPath !== undefined && {capPath}),
        interfaces: ['siemB'],
        ringMegabytes: 32,
        promiscuous: false,
        snapLength: 2048,
        maxFlows: 65_536,
        user: 'nobody',
        network: settingsSchema.parse({}).network,
        evidence: {megabytes: 64, sequence: 0},
      },
      line => process.stderr.write(`${line}\n`),
      ring,
    );
    closeSync(ring);
    const turns = new TurnRate();
    let counters: CaptureCounters | undefined;
    let opened = () => {};
    const isOpen = new Promise<void>(resolve => {
      opened = resolve;
    });
    const heard = (async () => {
      for await (const message of sensor.messages()) {
        if (message.type === 'hello') opened();
        if (message.type !== 'counters') continue;
        counters = message.counters;
        turns.add(counters);
      }
      opened();
    })();
    await isOpen;
    await sleep(200);
    const cpuBefore = cpuMicros(sensor.pid);
    const loops = Math.max(1, Math.round(((rate || 400_000) * secondsEach) / packetsInFile));
    const sent = await replay(from, rate, loops);
    await sleep(500);
    const cpu = cpuMicros(sensor.pid) - cpuBefore;
    const memory = residentMegabytes(sensor.pid);
    sensor.finish();
    await heard;
    const seen = counters?.seen ?? 0;
    const lost = counters?.dropped.kernel ?? 0;
    const result = {
      backend,
      rate: sent.rate,
      sent: sent.packets,
      seen,
      decoded: counters?.decoded ?? 0,
      dropped: backend === 'cap' ? 'unknown' : lost,
      // The kernel's own neighbour discovery adds a few packets.
      lossPercent: round(Math.max(0, (100 * (sent.packets - (counters?.decoded ?? 0))) / sent.packets)),
      cpuMicrosPerPacket: round(cpu / Math.max(1, counters?.decoded ?? 0)),
      residentMegabytes: memory,
      // While packets come: the fewest in any quarter of a second.
      turnsPerSecond: turns.fewest,
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

/** What the sender says it sent, and how fast it really was. */
async function replay(from: string, rate: number, loops: number): Promise<{packets: number; rate: number}> {
  const words = [
    'netns',
    'exec',
    from,
    process.execPath,
    '--no-warnings',
    senderScript,
    'siemA',
    String(rate),
    String(loops),
  ];
  const child = spawn('ip', words, {stdio: ['ignore', 'pipe', 'inherit']});
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise(resolve => child.on('close', resolve));
  const {packets, seconds} = JSON.parse(said) as {packets: number; seconds: number};
  return {packets, rate: Math.round(packets / seconds)};
}

/** User and system time of all threads; a clock tick is 10 ms. */
function cpuMicros(pid: number | undefined): number {
  const columns = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(columns[11]) + Number(columns[12])) * 10_000;
}

function residentMegabytes(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1024);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
