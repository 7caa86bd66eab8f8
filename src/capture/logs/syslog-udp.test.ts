import {createSocket} from 'node:dgram';
import {SourceHarness} from './source-harness.fixture.ts';
import {syslogUdp} from './syslog-udp.ts';
import {sumDrops} from './udp-drops.ts';

let harness = new SourceHarness();
const now = Date.UTC(2026, 10, 22, 10) * 1000;

beforeEach(() => {
  harness = new SourceHarness({clock: () => now});
});

afterEach(() => harness.stop().catch(() => {}));

async function listen(): Promise<number> {
  harness.start(syslogUdp({address: '127.0.0.1', port: 0, maxLine: 256, flush: 2}));
  await harness.until(() => harness.news.some(news => news.state === 'running'));
  return Number(harness.news[0]?.detail.split(':').at(-1));
}

async function send(port: number, ...datagrams: (string | Buffer)[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) =>
      socket.send(datagram, port, '127.0.0.1', error => (error ? reject(error) : resolve())),
    );
  }
  await new Promise<void>(resolve => socket.close(() => resolve()));
}

test('datagrams of both kinds become events that name their sender', async () => {
  const port = await listen();
  await send(
    port,
    '<34>Nov 22 10:00:01 web1 su[5]: FAILED SU (to root) bob on pts/0\n',
    '<165>1 2026-11-22T10:00:00Z web2 app - - - hello \u001b[2J',
    `<13>${'x'.repeat(1000)}`,
  );
  await harness.until(() => harness.events.length === 3);
  expect(harness.logs).toMatchObject([
    {position: 0, host: 'web1', provider: 'su', level: 2, user: 'bob', fields: {'log.source.address': '127.0.0.1'}},
    {position: 1, host: 'web2', provider: 'app', level: 5, message: 'hello ␛[2J'},
    {position: 2, level: 5, time: now, fields: {'log.flags': 'cut'}},
  ]);
  expect(harness.gaps).toEqual([]);
});

test('while the queue is full datagrams are dropped and counted, and counted once', async () => {
  const port = await listen();
  harness.full = true;
  await send(port, '<13>a', '<13>b', '<13>c');
  await new Promise(resolve => setTimeout(resolve, 30));
  harness.full = false;
  await send(port, '<13>d');
  await harness.until(() => harness.messages.includes('d') && harness.dropped['queue-full'] !== undefined);
  expect(harness.messages).toEqual(['d']);
  expect(harness.dropped).toEqual({'queue-full': 3});
});

test('the time in which nobody listened is a gap', async () => {
  harness.position = {version: 1, seen: now - 5_000_000};
  await listen();
  await harness.until(() => harness.gaps.length > 0);
  expect(harness.gaps).toEqual([{from: now - 5_000_000, to: now, reason: 'not listening'}]);
});

test('a port that is taken is refused with the command that shows by whom', async () => {
  const port = await listen();
  const second = new SourceHarness();
  second.start(syslogUdp({address: '127.0.0.1', port, maxLine: 256}));
  await expect(second.ended()).rejects.toMatchObject({mend: expect.stringContaining('ss -ulpn')});
});

test("the kernel's drops are read from the socket's own line", () => {
  const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  10: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000 7
  11: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0000 9
`;
  expect(sumDrops(table, 5514)).toBe(7);
});
