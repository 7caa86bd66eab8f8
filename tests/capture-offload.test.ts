import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {linux, needs, program, root} from './needs.ts';
import {ends, type VethPair, vethPair} from './support/veth-pair.ts';

// The false alarm that the program this one succeeds raised thousands of times: the kernel hands over TCP in pieces far
// larger than the MTU, and nothing is wrong with that.

interface Said {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program printed, looked at by the assertions
  readonly value: any;
}

const megabytes = 60;
const bytes = megabytes * 1_048_576;
const possible = [root, linux, program('ip', '-V'), program('sysctl')];
const canRun = possible.every(reason => reason === '');
const address = '192.0.2.2';
const attempts = 4;
/** The sensor reports four times a second: after two seconds without a packet no more come. */
const quietReports = 8;

let pair: VethPair;
const running: ChildProcess[] = [];
beforeAll(() => {
  if (!canRun) return;
  pair = vethPair(`siem-${process.pid}o`);
  // Usually 65,536, and nothing exceeds that.
  pair.ip(pair.receiver, 'link', 'set', 'lo', 'mtu', '1500');
  pair.ip(pair.sender, 'addr', 'add', '192.0.2.1/24', 'dev', ends.sender);
  pair.ip(pair.receiver, 'addr', 'add', `${address}/24`, 'dev', ends.receiver);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => {
  if (canRun) pair.remove();
});

describe.each(['ring', 'pcap'])('with %s', backend => {
  const check = needs(...possible, backend === 'pcap' && !hasPcap() ? 'needs libpcap' : '');

  check(`${megabytes} MB of TCP on the loopback raise no alert about sizes, whatever its MTU`, async () => {
    await expectNoAlert(await transferred(backend, 'lo', '127.0.0.1', () => pair.receiver));
  });

  check(`${megabytes} MB of TCP over a link that merges packets raise no alert about sizes`, async () => {
    inside(pair.receiver, 'gro', ends.receiver);
    await expectNoAlert(await transferred(backend, ends.receiver, address, () => pair.sender));
  });
});

async function expectNoAlert({said}: {said: readonly Said[]}): Promise<void> {
  const counters = values(said, 'counters').at(-1);
  expect(counters.bytes).toBeGreaterThan(bytes);
  expect(counters.aggregatedByOffload).toBeGreaterThan(0);
  const alerts = values(said, 'alert').map(({rule, reason}) => `${rule.id}: ${reason}`);
  expect(alerts.filter(alert => /oversized|length/.test(alert))).toEqual([]);
}

/** Once all of the bytes were captured: what the kernel dropped of them on a busy machine is sent anew. */
async function transferred(backend: string, name: string, to: string, from: () => string) {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const {said, whole} = await transferredOnce(backend, name, to, from);
    if (whole) return {said};
  }
  throw new Error(`packets were dropped in each of ${attempts} transfers`);
}

/** Captures on the interface while the bytes are sent to the address. */
async function transferredOnce(backend: string, name: string, to: string, from: () => string) {
  const capture = start('capture-driver.mjs', ['live', name], {backend, ring_megabytes: 64});
  const said: Said[] = [];
  capture.onLine(line => said.push(JSON.parse(line) as Said));
  await until(() => values(said, 'hello').length > 0);
  const receiver = start('tcp-transfer.mjs', ['receive', to]);
  const lines: string[] = [];
  receiver.onLine(line => lines.push(line));
  await until(() => lines.length > 0);
  inside(from(), 'send', to, lines[0]?.replace('port ', '') ?? '', String(bytes));
  await until(() => lines.length > 1);
  expect(lines[1]).toBe(`received ${bytes}`);
  const whole = await caughtUp(said);
  capture.child.stdin?.end();
  await until(() => values(said, 'news').at(-1)?.state === 'ended');
  return {said, whole};
}

/**
 * Resolves when all that was sent was captured, or no more of it comes: true or false. On a busy machine the kernel may
 * have dropped some, which is counted; where nothing was dropped all of it must come.
 */
async function caughtUp(said: readonly Said[]): Promise<boolean> {
  const last = () => values(said, 'counters').at(-1);
  for (let [quiet, told, seen] = [0, 0, -1]; (last()?.bytes ?? 0) <= bytes; ) {
    const counters = values(said, 'counters');
    if (quiet === quietReports) {
      const {decoded, dropped} = last();
      if (!(dropped.kernel > 0)) throw new Error(`${decoded} packets came, nothing was dropped, and it is not all`);
      return false;
    }
    await until(() => values(said, 'counters').length > counters.length);
    told = last().decoded;
    quiet = told === seen ? quiet + 1 : 0;
    seen = told;
  }
  return true;
}

function start(script: string, words: readonly string[], capture?: object) {
  const all = ['netns', 'exec', pair.receiver, process.execPath, join(__dirname, script), ...words];
  const env = {...process.env, ...(capture && {SIEM_TEST_CAPTURE: JSON.stringify(capture)})};
  const child = spawn('ip', all, {stdio: ['pipe', 'pipe', 'inherit'], env});
  running.push(child);
  const lines = createInterface({input: child.stdout});
  return {child, onLine: (listener: (line: string) => void) => void lines.on('line', listener)};
}

function inside(namespace: string, ...words: readonly string[]): void {
  const all = ['netns', 'exec', namespace, process.execPath, join(__dirname, 'tcp-transfer.mjs'), ...words];
  const done = spawnSync('ip', all, {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(done.stderr);
}

function values(said: readonly Said[], type: string): readonly Said['value'][] {
  return said.filter(entry => entry.type === type).map(({value}) => value);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (running.length === 0) throw new Error('the test is over');
    await sleep(20);
  }
}

function hasPcap(): boolean {
  const look = (name: string) => `require('koffi').load('${name}')`;
  return ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'].some(
    name => spawnSync(process.execPath, ['-e', look(name)], {stdio: 'ignore'}).status === 0,
  );
}
