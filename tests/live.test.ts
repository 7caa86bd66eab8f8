import {readFileSync, writeFileSync} from 'node:fs';
import {connect, createServer} from 'node:net';
import {join} from 'node:path';
import {linux, needs, root} from './needs.ts';
import {
  cleanUp,
  configure,
  freePort,
  logLine,
  monitor,
  query,
  sendDatagram,
  until,
  watches,
  workFolder,
} from './support/siem.ts';

afterEach(cleanUp);

test('a line appended to a watched file is found by a query while the monitor runs', async () => {
  const {dataDir, file} = await watching('file');
  logLine(file, 'user=alice the door was opened');
  await until('the line is found', async () => (await query(dataDir, '--since', '1m', '"the door was opened"')).length);
  const [row] = await query(dataDir, '--since', '1m', '"the door was opened"');
  expect(row).toMatchObject({
    'event.provider': 'app',
    'process.pid': 7,
    'host.name': 'web1',
    message: 'user=alice the door was opened',
  });
  expect(row?.['event.id']).toMatch(/^[0-9a-f]{32}$/);
});

test("each line of the program's log names the place that wrote it, not the log's own code", async () => {
  const {dataDir} = await watching('file');
  const lines = () =>
    readFileSync(join(dataDir, 'siem_app.log'), 'utf8')
      .split('\n')
      .filter(line => line !== '');
  await until('something is logged', () => lines().length);
  // Bundled, all of the engine's thread is one file.
  const where = /^\S+ \S+ \| [A-Z]+ \| (engine-worker|rule-keeper|source-runner)\.js:\d+ - /;
  for (const line of lines()) expect(line).toMatch(where);
});

test('a syslog datagram is found by a query, with its level, program and sender', async () => {
  const {dataDir, port} = await watching('syslog');
  await sendDatagram(port, '<35>1 - router ipsec 12 - - tunnel 9 refused its key');
  await until('the datagram is found', async () => (await query(dataDir, '--since', '1m', 'level:error')).length);
  expect(await query(dataDir, '--since', '1m', 'source:ipsec')).toMatchObject([
    {
      'log.level': 'error',
      'event.provider': 'ipsec',
      'host.name': 'router',
      message: 'tunnel 9 refused its key',
      'log.source.address': '127.0.0.1',
    },
  ]);
});

needs(linux, root)('a conversation on the loopback interface is found as one flow', async () => {
  const {dataDir} = await watching('packets');
  const port = await exchange();
  const found = () => query(dataDir, '--since', '1m', '-k', 'flows', `destination.port:${port}`);
  await until('the flow is found whole', async () => (await found())[0]?.['network.connection.state'] === 'SF');
  const flows = await found();
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({
    'network.transport': 'tcp',
    'source.ip': '127.0.0.1',
    'destination.ip': '127.0.0.1',
    'destination.port': port,
    'observer.ingress.interface.name': 'lo',
  });
});

needs(linux, root)('a conversation that lasts tells which process of this machine has it', async () => {
  const {dataDir} = await watching('packets');
  const server = createServer(socket => socket.resume());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as {port: number};
  const client = connect(port, '127.0.0.1');
  const beat = setInterval(() => client.write('still here'), 200);
  try {
    const mine = `destination.port:${port} process.pid:${process.pid}`;
    const found = () => query(dataDir, '--since', '1m', '-k', 'flows', mine);
    await until('the owner is found', async () => (await found()).length);
    expect((await found())[0]).toMatchObject({'process.pid': process.pid, 'user.name': 'root'});
  } finally {
    clearInterval(beat);
    client.destroy();
    await new Promise<void>(resolve => server.close(() => resolve()));
  }
});

test('failed logins written to a watched file become an alert that says why', async () => {
  const {dataDir, file} = await watching('file');
  for (let attempt = 0; attempt < 8; attempt++) {
    logLine(file, `Failed password for root from 198.51.100.7 port ${40_000 + attempt} ssh2`, 'sshd');
  }
  await until('the alert is found', async () => (await query(dataDir, '-k', 'alerts', '--since', '1m')).length);
  const [alert] = await query(dataDir, '-k', 'alerts', '--since', '1m');
  expect(alert?.['event.reason']).toContain('198.51.100.7');
  expect(alert?.['rule.id']).toBe('auth.failed.burst');
});

/** A monitor of a log, a syslog port and packets on the loopback interface, when one of them is watched. */
async function watching(awaited: 'file' | 'syslog' | 'packets') {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'app.log');
  writeFileSync(file, '');
  const port = await freePort();
  configure(dataDir, {
    monitor: {sources: [`file:${file}`, 'syslog', ...(awaited === 'packets' ? ['packets'] : [])].join(', ')},
    sources: {syslog_port: port},
    capture: {interfaces: 'lo'},
  });
  await watches(await monitor(dataDir), awaited);
  return {dataDir, file, port};
}

/** One request and its answer over TCP; gives the server's port. */
async function exchange(): Promise<number> {
  const server = createServer(socket => socket.on('data', () => socket.end('answer')));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as {port: number};
  await new Promise<void>((resolve, reject) => {
    const client = connect(port, '127.0.0.1', () => client.write('question'));
    client
      .on('data', () => {})
      .on('close', () => resolve())
      .on('error', reject);
  });
  await new Promise<void>(resolve => server.close(() => resolve()));
  return port;
}
