import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {linux, needs, program, root} from './needs.ts';
import {ends, type VethPair, vethPair} from './support/veth-pair.ts';

// What a user sees of a capture in trouble, with each backend that is installed here: words, and a new try.

interface Said {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program printed, looked at by the assertions
  readonly value: any;
}

const driver = join(__dirname, 'capture-driver.mjs');
const possible = [root, linux, program('ip', '-V'), program('sysctl')];
const canRun = possible.every(reason => reason === '');
const hasPcap = ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'].some(name => runs(`require('koffi').load('${name}')`));
const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

const backends: readonly (readonly [string, string])[] = [
  ['ring', ''],
  ['pcap', hasPcap ? '' : 'needs libpcap'],
  ['cap', hasCap() ? '' : 'needs the package cap, for example by NODE_PATH'],
];

let pair: VethPair;
const running: ChildProcess[] = [];
beforeAll(() => {
  if (canRun) pair = vethPair(`siem-${process.pid}r`);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  if (canRun) pair.plug();
});
afterAll(() => {
  if (canRun) pair.remove();
});

describe.each(backends)('%s', (backend, missing) => {
  const check = needs(...possible, missing);

  check('an interface that goes down is told with what mends it, and captured again once it is up', async () => {
    const {seen, counted} = start(backend, ends.receiver);
    const [hello] = await seen('hello');
    expect(hello).toMatchObject({capabilitiesZero: true, noNewPrivileges: true, countsLosses: backend !== 'cap'});
    pair.ip(pair.receiver, 'link', 'set', ends.receiver, 'down');
    const [waiting] = await seen('news', ({state, detail}) => state === 'waiting' && detail.includes('is down'));
    expect(waiting.mend).toBe(`ip link set ${ends.receiver} up`);
    pair.ip(pair.receiver, 'link', 'set', ends.receiver, 'up');
    // From the last waiting on: it runs again.
    await seen('news', isRunningAgain);
    await sending(() => counted() > 0);
  });

  check('an interface that is taken away is waited for, and captured when it comes back', async () => {
    const {child, seen, counted} = start(backend, ends.receiver);
    const [first] = await seen('hello');
    pair.ip(pair.receiver, 'link', 'del', ends.receiver);
    await seen('news', ({state, detail}) => state === 'waiting' && detail === `No interface called ${ends.receiver}.`);
    await goneOf(first.pid);
    pair.plug();
    const [again] = await seen('hello', ({pid}) => pid !== first.pid);
    await sending(() => counted() > 0);
    child.stdin?.end();
    await seen('news', ({state}) => state === 'ended');
    await goneOf(again.pid);
  });

  check('only packets that the filter accepts are watched', async () => {
    const {said, seen} = start(backend, ends.receiver, [], {}, {filter: 'greater 500'});
    await seen('hello');
    const lengths = () => said.filter(({type}) => type === 'packet').map(({value}) => value.length);
    await sending(() => lengths().length > 1, ['200', '600']);
    expect(new Set(lengths())).toEqual(new Set([600]));
  });

  check('without the right, what is missing and the commands that help are named', async () => {
    if (!nobodyCanRead()) return;
    const {seen} = start(backend, ends.receiver, asNobody);
    const [error] = await seen('error');
    expect(error.message).toMatch(/^Expected the (capability CAP_NET_RAW|right to capture)/);
    expect(error.mend).toContain('sudo siem monitor');
    expect(error.mend).toContain('packets = no');
  });

  if (backend !== 'ring') {
    check('with nothing but the capability it refuses, for it could not give that up', async () => {
      if (!nobodyCanRead()) return;
      const words = [...asNobody, '--inh-caps=+net_raw', '--ambient-caps=+net_raw'];
      const [error] = await start(backend, ends.receiver, words).seen('error');
      expect(error.message).toContain('Expected root');
      expect(error.mend).toContain('backend = ring');
    });
  }
});

needs(...possible, backends[2]?.[1] ?? '')('of what cap loses it is said that nobody knows', async () => {
  const {seen, counted} = start('cap', ends.receiver);
  await seen('hello');
  await sending(() => counted() > 0);
  const counters = await seen('counters', ({lossUnknown}) => lossUnknown === true);
  expect(counters[0].dropped).toEqual({});
  const [running] = await seen('news', ({state}) => state === 'running');
  expect(running.detail).toContain('how many packets it loses is unknown');
});

test.each([['cap', 'not installed', 'npm install cap']])(
  '%s that is not installed is refused',
  async (name, why, mend) => {
    const {seen} = start(name, 'lo', [], {NODE_PATH: ''});
    const [error] = await seen('error');
    expect(error.message).toContain(why);
    expect(error.mend).toContain(mend);
  },
);

function isRunningAgain({state, detail}: {state: string; detail: string}, index: number): boolean {
  return state === 'running' && index > 1 && /is up again|capturing on/.test(detail);
}

function start(backend: string, name: string, before: readonly string[] = [], environment = {}, settings = {}) {
  const inside = canRun ? ['ip', 'netns', 'exec', pair.receiver] : [];
  const [command = '', ...words] = [...inside, ...before, process.execPath, driver, 'live', name];
  const env = {...process.env, ...environment, SIEM_TEST_CAPTURE: JSON.stringify({backend, ...settings})};
  const child = spawn(command, words, {stdio: ['pipe', 'pipe', 'inherit'], env});
  running.push(child);
  const said: Said[] = [];
  createInterface({input: child.stdout}).on('line', line => said.push(JSON.parse(line) as Said));
  const seen = async (type: string, wanted: (value: Said['value'], index: number) => boolean = () => true) => {
    for (;;) {
      const found = said.filter(entry => entry.type === type).map(({value}) => value);
      const fitting = found.filter(wanted);
      if (fitting.length > 0) return fitting;
      expectRunning();
      await sleep(20);
    }
  };
  const counted = () => said.filter(({type}) => type === 'packet').length;
  return {child, said, seen, counted};
}

/** No test waits longer than it runs. */
function expectRunning(): void {
  if (running.length === 0) throw new Error('the test is over');
}

/** Sends a frame of each length again and again until it is seen. */
async function sending(isSeen: () => boolean, lengths: readonly string[] = ['200']): Promise<void> {
  const sender = [process.execPath, join(__dirname, 'frame-sender.mjs'), ends.sender, '1'];
  while (!isSeen()) {
    expectRunning();
    for (const length of lengths) spawnSync('ip', ['netns', 'exec', pair.sender, ...sender, length]);
    await sleep(200);
  }
}

function hasCap(): boolean {
  try {
    return createRequire(__filename).resolve('cap') !== '';
  } catch {
    return false;
  }
}

function runs(script: string): boolean {
  return spawnSync(process.execPath, ['-e', script], {stdio: 'ignore'}).status === 0;
}

/** In a clone under root's home nobody cannot even start the program. */
function nobodyCanRead(): boolean {
  const [command = '', ...words] = asNobody;
  const look = `require('node:fs').readFileSync(${JSON.stringify(driver)})`;
  return spawnSync(command, [...words, process.execPath, '-e', look]).status === 0;
}

async function goneOf(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) {
    expectRunning();
    await sleep(20);
  }
}
