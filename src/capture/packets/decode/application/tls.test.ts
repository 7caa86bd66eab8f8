import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {connect} from 'node:tls';
import {looksLikeTls, parseTls} from './tls.ts';

const u16 = (...values: readonly number[]) => Buffer.from(values.flatMap(value => [value >> 8, value & 255]));
const list16 = (values: readonly number[]) => Buffer.concat([u16(values.length * 2), u16(...values)]);
const extension = (type: number, body: Uint8Array = Buffer.alloc(0)) => Buffer.concat([u16(type, body.length), body]);

function record(message: Uint8Array, type = 22): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 1]), u16(message.length), message]);
}

function hello(type: 1 | 2, middle: Uint8Array, extensions: readonly Uint8Array[]): Buffer {
  const all = Buffer.concat(extensions);
  const body = Buffer.concat([u16(0x0303), Buffer.alloc(32, 7), Buffer.from([0]), middle, u16(all.length), all]);
  return Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
}

/** The ClientHello that JA4's own description works through. */
const ciphers = [
  0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x9c, 0x9d, 0x2f, 0x35,
];
const algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
const name = Buffer.from('www.example.com');
const example = hello(1, Buffer.concat([list16([0x2a2a, ...ciphers]), Buffer.from([1, 0])]), [
  extension(0x1a1a),
  extension(0x0000, Buffer.concat([u16(name.length + 3), Buffer.from([0]), u16(name.length), name])),
  extension(0x0017),
  extension(0xff01, Buffer.from([0])),
  extension(0x000a, list16([0x3a3a, 0x1d, 0x17, 0x18])),
  extension(0x000b, Buffer.from([1, 0])),
  extension(0x0023),
  extension(0x0010, Buffer.concat([u16(12), Buffer.from('\x02h2\x08http/1.1')])),
  extension(0x0005, Buffer.from([1, 0, 0, 0, 0])),
  extension(0x000d, list16(algorithms)),
  extension(0x0012),
  extension(0x0033),
  extension(0x002d, Buffer.from([1, 1])),
  extension(0x002b, Buffer.concat([Buffer.from([6]), u16(0x4a4a, 0x0304, 0x0303)])),
  extension(0x001b, Buffer.from([2, 0, 2])),
  extension(0x4469),
  extension(0x0015, Buffer.alloc(20)),
  extension(0x5a5a),
]);

test("the fingerprint of JA4's own example", () => {
  const bytes = record(example);
  expect(parseTls(bytes, 0, bytes.length)).toMatchObject({
    kind: 'tls-client',
    version: '1.3',
    serverName: 'www.example.com',
    applicationProtocols: ['h2', 'http/1.1'],
    ja4: 't13d1516h2_8daaf6152771_e5627efa2ab1',
    complete: true,
  });
});

test('what is cut gives the name where it is there, and no fingerprint', () => {
  const bytes = record(example).subarray(0, 160);
  expect(parseTls(bytes, 0, bytes.length)).toMatchObject({
    serverName: 'www.example.com',
    ja3: '',
    ja4: '',
    complete: false,
  });
});

test('a hello over three records is the same hello', () => {
  const parts = [example.subarray(0, 50), example.subarray(50, 60), example.subarray(60)].map(part => record(part));
  const split = Buffer.concat(parts);
  const whole = record(example);
  expect(parseTls(split, 0, split.length)).toEqual(parseTls(whole, 0, whole.length));
});

test('the hello after a request to try again comes behind a change of ciphers', () => {
  const again = Buffer.concat([Buffer.from([20, 3, 3, 0, 1, 1]), record(example)]);
  const once = record(example);
  expect(looksLikeTls(again, 0, again.length)).toBe(true);
  expect(parseTls(again, 0, again.length)).toEqual(parseTls(once, 0, once.length));
});

test('a server says its choice', () => {
  const bytes = record(
    hello(2, Buffer.concat([u16(0x1301), Buffer.from([0])]), [extension(0x002b, u16(0x0304)), extension(0x0033)]),
  );
  expect(parseTls(bytes, 0, bytes.length)).toMatchObject({
    kind: 'tls-server',
    version: '1.3',
    cipher: 0x1301,
    // md5 of "771,4865,43-51"
    ja3: 'f4febc55ea12b31ae17cfb7e614afda8',
  });
});

test('a real client is read as it was told to speak', async () => {
  const bytes = await firstBytes();
  const facts = parseTls(bytes, 0, bytes.length);
  expect(facts).toMatchObject({
    kind: 'tls-client',
    version: '1.3',
    serverName: 'siem.example',
    applicationProtocols: ['one', 'two'],
    complete: true,
  });
  expect(facts?.ja4).toMatch(/^t13d\d{4}oe_[0-9a-f]{12}_[0-9a-f]{12}$/);
  expect(facts?.ja3).toMatch(/^[0-9a-f]{32}$/);
});

/** What node's own TLS sends first. */
async function firstBytes(): Promise<Buffer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const client = connect({port, host: '127.0.0.1', servername: 'siem.example', ALPNProtocols: ['one', 'two']});
  client.on('error', () => undefined);
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  socket.destroy();
  server.close();
  await once(server, 'close');
  return bytes;
}
