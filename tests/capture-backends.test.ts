import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout as sleep} from 'node:timers/promises';
import {linux, needs, program, root} from './needs.ts';
import {ends, type VethPair, vethPair} from './support/veth-pair.ts';

// What every packet backend does, held for each that is installed here.

interface Said {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program printed, looked at by the assertions
  readonly [key: string]: any;
}

const resolve = createRequire(__filename).resolve;
const hasCap = (() => {
  try {
    return resolve('cap') !== '';
  } catch {
    return false;
  }
})();
const hasPcap = ['libpcap.so.1', 'libpcap.so.0.8', 'libpcap.so'].some(name => loads(name));
const possible = [root, linux, program('ip', '-V'), program('sysctl')];

const backends: readonly (readonly [string, string])[] = [
  ['ring', ''],
  ['pcap', hasPcap ? '' : 'needs libpcap'],
  ['pcap-one', hasPcap ? '' : 'needs libpcap'],
  ['cap', hasCap ? '' : 'needs the package cap, for example by NODE_PATH'],
];

let pair: VethPair;
const running: ChildProcess[] = [];
const canRun = possible.every(reason => reason === '');
beforeAll(() => {
  if (canRun) pair = vethPair(`siem-${process.pid}-`);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  if (canRun) pair.plug();
});
afterAll(() => {
  if (canRun) pair.remove();
});

describe.each(backends)('%s', (name, missing) => {
  const check = needs(...possible, missing);
  const countsLosses = name !== 'cap';

  check('packets come once, in order, with their length and the time they came', async () => {
    const {say, seen} = await open(name, ends.receiver);
    const before = Date.now() * 1000;
    send(300, 200);
    await seen('packet', 300);
    send(2, 1514);
    const packets = await seen('packet', 302);
    const after = Date.now() * 1000;
    await say('counters');
    expect(packets.map(({number}) => number)).toEqual([...Array.from({length: 300}, (_, i) => i), 0, 1]);
    expect(new Set(packets.slice(0, 300).map(({kept, wire, link}) => `${kept} ${wire} ${link}`))).toEqual(
      new Set(['200 200 ethernet']),
    );
    expect(packets.slice(300).map(({kept, wire}) => [kept, wire])).toEqual([
      [1514, 1514],
      [1514, 1514],
    ]);
    for (const {time} of packets) {
      expect(Number.isInteger(time)).toBe(true);
      expect(time).toBeGreaterThanOrEqual(before - 1_000);
      expect(time).toBeLessThanOrEqual(after + 1_000);
    }
    expect((await seen('counters', 1))[0]?.droppedByKernel).toBe(countsLosses ? 0 : undefined);
  });

  check('only the asked bytes of a packet are kept, and its length stays known', async () => {
    const {seen} = await open(name, ends.receiver, 100);
    send(3, 1000);
    const packets = await seen('packet', 3);
    expect(packets.map(({kept, wire}) => [kept, wire])).toEqual(new Array(3).fill([114, 1000]));
  });

  check('a VLAN tag is seen', async () => {
    const {seen} = await open(name, ends.receiver);
    send(2, 200, 77);
    const packets = await seen('packet', 2);
    expect(packets.map(({vlan}) => vlan)).toEqual([77, 77]);
    // Where the tag is no part of the bytes it is none of the length either.
    expect(packets.map(({wire, tagged}) => wire + (tagged ? 0 : 4))).toEqual([200, 200]);
  });

  check('what this machine sends is told from what it receives', async () => {
    const {seen} = await open(name, ends.receiver);
    send(1, 200);
    await seen('packet', 1);
    send(1, 200, undefined, {namespace: pair.receiver, from: ends.receiver});
    expect((await seen('packet', 2)).map(({outgoing}) => outgoing)).toEqual([false, true]);
  });

  check('on the loopback each packet comes once', async () => {
    const {seen} = await open(name, 'lo');
    send(5, 200, undefined, {namespace: pair.receiver, from: 'lo'});
    await seen('packet', 5);
    await sleep(200);
    expect((await seen('packet', 5)).map(({number}) => number)).toEqual([0, 1, 2, 3, 4]);
  });

  check('an interface can be captured on twice at once', async () => {
    const [one, other] = [await open(name, ends.receiver), await open(name, ends.receiver)];
    send(4, 200);
    expect(await one.seen('packet', 4)).toHaveLength(4);
    expect(await other.seen('packet', 4)).toHaveLength(4);
  });

  check('an interface that is not there is said in words, and the next try works', async () => {
    const {say, seen} = start(name, ends.receiver);
    pair.ip(pair.receiver, 'link', 'del', ends.receiver);
    await say('open');
    const [refused] = await seen('refused', 1);
    expect(refused).toMatchObject({
      code: 'no-interface',
      message: `Expected a network interface called ${ends.receiver}, found none.`,
      mend: expect.stringContaining('ip link'),
    });
    pair.plug();
    await say('open');
    await seen('open', 1);
    send(1, 200);
    await seen('packet', 1);
  });

  if (countsLosses) {
    check('packets that nobody fetched in time are counted, and with them the sum is what was sent', async () => {
      const {say, seen, said, until} = await open(name, ends.receiver);
      await say('pause');
      const sent = 20_000;
      send(sent, 1000);
      await say('go');
      const sum = async () => {
        await say('counters');
        const dropped = of(said, 'counters').at(-1)?.droppedByKernel ?? 0;
        return {dropped, all: dropped + of(said, 'packet').length};
      };
      await seen('packet', 1);
      await until(async () => (await sum()).all >= sent);
      const {dropped, all} = await sum();
      expect(all).toBe(sent);
      expect(dropped).toBeGreaterThan(0);
    });

    check('down is not gone: packets come again once it is up', async () => {
      const {say, seen, said, until} = await open(name, ends.receiver);
      const isState = (state: string) =>
        until(async () => {
          await say('counters');
          return of(said, 'counters').at(-1)?.state === state;
        });
      pair.ip(pair.receiver, 'link', 'set', ends.receiver, 'down');
      await isState('down');
      pair.ip(pair.receiver, 'link', 'set', ends.receiver, 'up');
      await isState('up');
      send(3, 200);
      await seen('packet', 3);
      pair.ip(pair.receiver, 'link', 'del', ends.receiver);
      await isState('gone');
    });
  }

  check('closing gives back what opening took, and it opens again', async () => {
    const {say, seen, said} = await open(name, ends.receiver);
    await say('close');
    const fds = async () => {
      const had = of(said, 'fds').length;
      await say('fds');
      return (await seen('fds', had + 1)).at(-1)?.count;
    };
    await seen('closed', 1);
    const first = await fds();
    for (let i = 2; i < 5; i++) {
      await say('open');
      await seen('open', i);
      if (i === 4) {
        send(1, 200);
        await seen('packet', 1);
      }
      await say('close');
      await seen('closed', i);
    }
    expect(await fds()).toBe(first);
  });
});

function loads(library: string): boolean {
  const look = `require('koffi').load(${JSON.stringify(library)})`;
  return spawnSync(process.execPath, ['-e', look], {stdio: 'ignore'}).status === 0;
}

function of(said: readonly Said[], type: string): Said[] {
  return said.filter(entry => entry.type === type);
}

/** Waits until it has opened. */
async function open(backend: string, interfaceName: string, snap = 2048) {
  const driver = start(backend, interfaceName);
  await driver.say(`open ${snap}`);
  await driver.seen('open', 1);
  return driver;
}

function start(backend: string, interfaceName: string) {
  const words = ['netns', 'exec', pair.receiver, process.execPath, join(__dirname, 'backend-driver.mjs')];
  const child = spawn('ip', [...words, backend, interfaceName], {stdio: ['pipe', 'pipe', 'ignore']});
  running.push(child);
  // A command to a driver that ended: `until` tells.
  child.stdin.on('error', () => undefined);
  const said: Said[] = [];
  createInterface({input: child.stdout}).on('line', line => said.push(JSON.parse(line) as Said));
  /** Gives up when the driver has ended, which it has at the latest after the test. */
  const until = async (isSo: () => boolean | Promise<boolean>) => {
    while (!(await isSo())) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the driver ended (${child.exitCode}, ${child.signalCode}): ${JSON.stringify(said.at(-1))}`);
      }
      await sleep(20);
    }
  };
  const seen = async (type: string, count: number) => {
    await until(() => of(said, type).length >= count);
    return of(said, type);
  };
  const say = async (command: string) => {
    await new Promise(done => child.stdin.write(`${command}\n`, done));
  };
  return {said, seen, say, until};
}

function send(
  count: number,
  length: number,
  vlan?: number,
  {namespace, from}: {namespace: string; from: string} = {namespace: pair.sender, from: ends.sender},
): void {
  const words = [join(__dirname, 'frame-sender.mjs'), from, count, length, ...(vlan === undefined ? [] : [vlan])];
  const done = spawnSync('ip', ['netns', 'exec', namespace, process.execPath, ...words.map(String)], {
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(done.stderr);
}
