import {createCipheriv} from 'node:crypto';
import {QuicHandshake} from './quic.ts';
import {clientInitialKeys, type QuicVersion, quicVersion} from './quic-keys.ts';

// The worked example of RFC 9001, appendix A: connection id, ClientHello in a CRYPTO frame, and what comes out.
const id = Buffer.from('8394c8f03e515708', 'hex');
const cryptoFrame = Buffer.from(
  '060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c00000413011302010000c000000010' +
    '000e00000b6578616d706c652e636f6dff01000100000a00080006001d0017001800100007000504616c706e000500050100000000003300' +
    '260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b0003020304000d0010000e04030503' +
    '06030203080408050806002d00020101001c00024001003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075' +
    '300901100f088394c8f03e51570806048000ffff',
  'hex',
);

function known(version: number): QuicVersion {
  const found = quicVersion(version);
  if (!found) throw new Error(`no QUIC version ${version}`);
  return found;
}

/** A protected Initial packet of version 1 with a packet number of four bytes. */
function initial(frames: Uint8Array, number: number, version = 1): Buffer {
  const payload = Buffer.alloc(1162);
  payload.set(frames);
  const first = 0xc3 | (known(version).initialType << 4);
  const start = Buffer.from([first, 0, 0, 0, 0, id.length, ...id, 0, 0, 0x44, 0x9e, 0, 0, 0, number]);
  start.writeUInt32BE(version, 1);
  const {key, iv, headerKey} = clientInitialKeys(known(version), id);
  const nonce = Buffer.from(iv);
  nonce[11] = (nonce[11] ?? 0) ^ number;
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(start);
  const sealed = Buffer.concat([cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', headerKey, null).update(sealed.subarray(0, 16));
  start[0] = first ^ ((mask[0] ?? 0) & 0x0f);
  for (let i = 0; i < 4; i++) start[start.length - 4 + i] = (start[start.length - 4 + i] ?? 0) ^ (mask[1 + i] ?? 0);
  return Buffer.concat([start, sealed]);
}

test('keys are those that the RFCs of both versions print', () => {
  const hex = (version: number) => {
    const {key, iv, headerKey} = clientInitialKeys(known(version), id);
    return [key, iv, headerKey].map(bytes => bytes.toString('hex'));
  };
  expect(hex(1)).toEqual([
    '1f369613dd76d5467730efcbe3b1a22d',
    'fa044b2f42a3fd3b46fb255c',
    '9f50449e04a0e810283a1e9933adedd2',
  ]);
  expect(hex(0x6b3343cf)).toEqual([
    '8b1a0bc121284290a29e0971b5cd045d',
    '91f73e2351d8fa91660e909f',
    '45b95e15235d6f45a6b19cbcb0294ba9',
  ]);
});

test("the RFC's example packet is opened, and its server name read", () => {
  const packet = initial(cryptoFrame, 2);
  expect(packet.subarray(0, 22).toString('hex')).toBe('c000000001088394c8f03e5157080000449e7b9aec34');
  expect(packet.subarray(-16).toString('hex')).toBe('e221af44860018ab0856972e194cd934');
  const facts = new QuicHandshake().add(packet, 0, packet.length);
  expect(facts).toMatchObject({
    kind: 'quic',
    version: 1,
    hello: {serverName: 'example.com', applicationProtocols: ['alpn'], version: '1.3', complete: true},
  });
  expect(facts?.hello?.ja4).toMatch(/^q13d0211an_/);
});

test('version 2 is opened too', () => {
  const packet = initial(cryptoFrame, 2, 0x6b3343cf);
  expect(new QuicHandshake().add(packet, 0, packet.length)?.hello?.serverName).toBe('example.com');
});

test('a hello in pieces, out of order and over two datagrams, is put together', () => {
  const hello = cryptoFrame.subarray(4);
  const frame = (from: number, to: number) =>
    Buffer.concat([
      Buffer.from([6, 0x40 | (from >> 8), from & 255, 0x40 | ((to - from) >> 8), (to - from) & 255]),
      hello.subarray(from, to),
    ]);
  const first = initial(Buffer.concat([frame(150, hello.length), Buffer.from([1, 0, 0]), frame(0, 40)]), 0);
  const second = initial(frame(40, 150), 1);
  const handshake = new QuicHandshake();
  expect(handshake.add(first, 0, first.length)?.hello).toMatchObject({serverName: '', complete: false, ja4: ''});
  expect(handshake.add(second, 0, second.length)?.hello).toMatchObject({serverName: 'example.com', complete: true});
});

test('a packet with one bit changed does not open', () => {
  const packet = initial(cryptoFrame, 2);
  packet[600] = (packet[600] ?? 0) ^ 1;
  expect(new QuicHandshake().add(packet, 0, packet.length)).toBeUndefined();
});
