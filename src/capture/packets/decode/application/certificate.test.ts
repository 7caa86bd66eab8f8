import {createHash} from 'node:crypto';
import {readCertificate} from './certificate.ts';
import {certificate, commonName, der, name, organization, sequence, text} from './der.fixture.ts';

test('who it is of, who signed it, since when and until when, its names and its hashes', () => {
  const bytes = certificate();
  expect(readCertificate(bytes)).toEqual({
    subject: {
      text: 'CN=www.example.org,O=Example\\, Inc',
      commonName: 'www.example.org',
      organization: 'Example, Inc',
    },
    issuer: {text: 'CN=Example CA,O=Example Trust', commonName: 'Example CA', organization: 'Example Trust'},
    serial: '0A0B',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2051-01-01T00:00:00.000Z',
    names: ['www.example.org', 'example.org'],
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sha1: createHash('sha1').update(bytes).digest('hex'),
  });
});

test('names in every kind of string, types without a name of their own, and several of one type', () => {
  const subject = name(
    ['550406', text('CH', 0x13)],
    ['550407', der(0x1e, Buffer.from('005a00fc0072', 'hex'))],
    [organization, der(0x1c, Buffer.from('0001f600', 'hex'))],
    ['2a864886f70d010901', text('a@b', 0x16)],
    ['2a030405', text('x')],
    [commonName, text('first')],
    [commonName, text('Zürich <1>')],
  );
  expect(readCertificate(certificate({subject})).subject).toEqual({
    text: 'CN=Zürich \\<1\\>,CN=first,1.2.3.4.5=x,emailAddress=a@b,O=😀,L=Zür,C=CH',
    commonName: 'Zürich <1>',
    organization: '😀',
  });
});

test('parts that belong together are written together', () => {
  const pair = (type: string, value: string) => sequence(der(0x06, Buffer.from(type, 'hex')), text(value));
  const subject = sequence(
    der(0x31, pair(organization, 'Example')),
    der(0x31, pair(commonName, 'a'), pair('0992268993f22c640101', 'u')),
  );
  expect(readCertificate(certificate({subject})).subject.text).toBe('CN=a+UID=u,O=Example');
});

test.each([
  ['490101000000Z', 0x17, '2049-01-01T00:00:00.000Z'],
  ['500101000000Z', 0x17, '1950-01-01T00:00:00.000Z'],
  ['99991231235959Z', 0x18, '9999-12-31T23:59:59.000Z'],
  ['261301000000Z', 0x17, ''],
  ['2601010000Z', 0x17, ''],
  ['260101000000+0100', 0x17, ''],
])('the time %s is read as RFC 5280 says', (written, tag, read) => {
  const validity = sequence(text(written, tag), text(written, tag));
  expect(readCertificate(certificate({validity}))).toMatchObject({notBefore: read, notAfter: read});
});

test('a serial number without the zero of its sign; many names are bounded', () => {
  const dnsNames = Array.from({length: 300}, (_, index) => `h${index}.example`);
  const read = readCertificate(certificate({serial: '00ff01', dnsNames}));
  expect(read.serial).toBe('FF01');
  expect(read.names).toEqual(dnsNames.slice(0, 32));
});

test('of a certificate that is cut or damaged the hashes stay, and nothing is made up', () => {
  const whole = certificate();
  for (let end = 0; end < whole.length; end++) {
    const read = readCertificate(whole.subarray(0, end));
    expect(read).toMatchObject({
      subject: {text: ''},
      serial: '',
      names: [],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  }
});

test('whatever the bytes, reading ends and what is read is bounded', () => {
  const random = randomNumbers(5);
  const seeds = [
    certificate(),
    certificate({dnsNames: Array.from({length: 200}, (_, n) => `n${n}`)}),
    Buffer.alloc(900, 0x30),
  ];
  const beyond: string[] = [];
  for (let round = 0; round < 6_000; round++) {
    const bytes = Buffer.from(seeds[round % seeds.length] ?? []);
    for (let i = random(6); i >= 0; i--) bytes[random(bytes.length)] = random(256);
    const {subject, issuer, serial, names, notBefore, notAfter} = readCertificate(bytes);
    const isBounded =
      [subject, issuer].every(
        ({text: whole, commonName: common}) => whole.length <= 16 * 400 && common.length <= 128,
      ) &&
      serial.length <= 40 &&
      names.length <= 32 &&
      names.every(found => found.length <= 253) &&
      [notBefore, notAfter].every(time => time === '' || time.length === 24);
    if (!isBounded) beyond.push(bytes.toString('hex'));
  }
  expect(beyond).toEqual([]);
});

function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}
