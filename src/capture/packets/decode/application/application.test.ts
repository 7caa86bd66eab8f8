import {parseDhcp} from './dhcp.ts';
import {looksLikeDns, parseDns, parseDnsOverTcp} from './dns.ts';
import {parseHttp} from './http.ts';
import {parseNtp} from './ntp.ts';
import {parseSsh} from './ssh.ts';

const label = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
const dnsHeader = (flags: number, questions: number, answers: number) =>
  Buffer.from([0x12, 0x34, flags >> 8, flags & 255, 0, questions, 0, answers, 0, 0, 0, 0]);
const dnsName = (...labels: readonly string[]) => Buffer.concat([...labels.map(label), Buffer.from([0])]);

function dns(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}

test('DNS: question, compressed answers and code', () => {
  const question = dns(dnsName('www', 'example', 'org'), Buffer.from([0, 1, 0, 1]));
  const alias = dns(Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 1, 0, 0, 6]), label('cdn'), Buffer.from([0xc0, 16]));
  const address = Buffer.from([0xc0, 45, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 2, 3]);
  const bytes = dns(dnsHeader(0x8180, 1, 2), question, alias, address);
  expect(parseDns(bytes, 0, bytes.length)).toMatchObject({
    id: 0x1234,
    response: true,
    responseCode: 0,
    questions: [{name: 'www.example.org', type: 1, class: 1}],
    answers: [
      {name: 'www.example.org', type: 5, ttl: 256, data: 'cdn.example.org'},
      {name: 'cdn.example.org', type: 1, ttl: 60, data: '10.1.2.3'},
    ],
    damaged: false,
  });
});

test('DNS: a name of 16 pointers is read, one of more is damaged: reading it would cost as much as fifty others', () => {
  const question = dns(dnsName('org'), Buffer.from([0, 1, 0, 1]));
  const named = (pointers: number) => {
    // Text that holds a pointer to the question's name, one to that, and so on; then a record named by the last.
    const chain = Array.from({length: pointers - 1}, (_, i) => [0xc0, i === 0 ? 12 : 33 + 2 * (i - 1)]).flat();
    const text = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, chain.length, ...chain]);
    const address = Buffer.from([0xc0, 33 + chain.length - 2, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 192, 0, 2, 7]);
    const bytes = dns(dnsHeader(0x8180, 1, 2), question, text, address);
    return parseDns(bytes, 0, bytes.length);
  };
  expect(named(16)).toMatchObject({damaged: false, answers: [{}, {name: 'org', data: '192.0.2.7'}]});
  expect(named(17)).toMatchObject({damaged: true, answers: [{}]});
});

test('DNS: a pointer that leads in a circle, forward or nowhere ends the name', () => {
  for (const pointer of [
    [0xc0, 12],
    [0xc0, 14],
    [0xff, 0xff],
  ]) {
    const bytes = dns(dnsHeader(0x0100, 1, 0), Buffer.from(pointer), Buffer.from([0, 1, 0, 1]));
    expect(parseDns(bytes, 0, bytes.length)).toMatchObject({questions: [], damaged: true});
  }
});

test('DNS: bytes that are no text, and dots within a label, cannot be taken for something else', () => {
  const bytes = dns(dnsHeader(0x0100, 1, 0), dnsName('a.b\x1b[2J\xe4', 'org'), Buffer.from([0, 16, 0, 1]));
  expect(parseDns(bytes, 0, bytes.length)?.questions[0]?.name).toBe('a\\x2eb\\x1b[2J\\xe4.org');
});

test('DNS: names longer than 255 bytes and headers that claim thousands of records are bounded', () => {
  const long = dnsName(...new Array<string>(20).fill('x'.repeat(60)));
  const bytes = dns(dnsHeader(0x0100, 1, 0), long);
  expect(parseDns(bytes, 0, bytes.length)).toMatchObject({questions: [], damaged: true});
  const many = dns(Buffer.from([0, 0, 1, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0]), Buffer.alloc(5_000));
  expect(parseDns(many, 0, many.length)?.questions).toHaveLength(8);
});

test('DNS is known by its content, and little else looks like it', () => {
  const looks = (...parts: readonly Uint8Array[]) => looksLikeDns(dns(...parts), 0, dns(...parts).length);
  const question = dns(dnsName('www', 'example', 'org'), Buffer.from([0, 16, 0, 1]));
  expect([looks(dnsHeader(0x0100, 1, 0), question), looks(dnsHeader(0x8183, 1, 0), question)]).toEqual([true, true]);
  expect(looks(dnsHeader(0x0100, 1, 0), question.subarray(0, -1))).toBe(false);
  expect(looks(dnsHeader(0x0100, 2, 0), question)).toBe(false);
  expect(looks(dnsHeader(0x0900, 1, 0), question)).toBe(false);
  expect(looks(dnsHeader(0x0100, 1, 1), question)).toBe(false);
  expect(looks(dnsHeader(0x0100, 1, 0), dnsName('www'), Buffer.from([0xf0, 1, 0, 1]))).toBe(false);
  let met = 0;
  for (let n = 0; n < 20_000; n++) {
    const noise = Buffer.from(Array.from({length: 40}, (_, i) => (Math.imul(n * 40 + i, 0x9e3779b1) >>> 13) & 255));
    if (looksLikeDns(noise, 0, noise.length)) met++;
  }
  expect(met).toBe(0);
});

test('DNS over TCP has its length first', () => {
  const message = dns(dnsHeader(0x0100, 1, 0), dnsName('org'), Buffer.from([0, 252, 0, 1]));
  const bytes = dns(Buffer.from([0, message.length]), message);
  expect(parseDnsOverTcp(bytes, 0, bytes.length)?.questions).toEqual([{name: 'org', type: 252, class: 1}]);
});

test('DHCP: what a client asks and a server gives', () => {
  const fixed = Buffer.alloc(240);
  fixed.set([2, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef]);
  fixed.set([10, 0, 0, 50], 16);
  fixed.set([2, 0, 0, 0, 0, 9], 28);
  fixed.writeUInt32BE(0x63825363, 236);
  const options = Buffer.from([
    53,
    1,
    5,
    54,
    4,
    10,
    0,
    0,
    1,
    50,
    4,
    10,
    0,
    0,
    50,
    51,
    4,
    0,
    0,
    14,
    16,
    0,
    12,
    6,
    ...Buffer.from('laptop'),
    55,
    3,
    1,
    3,
    6,
    255,
    12,
    1,
    65,
  ]);
  const bytes = Buffer.concat([fixed, options]);
  expect(parseDhcp(bytes, 0, bytes.length)).toMatchObject({
    type: 'ack',
    transaction: 0xdeadbeef,
    clientMac: '02:00:00:00:00:09',
    offeredAddress: '10.0.0.50',
    requestedAddress: '10.0.0.50',
    server: '10.0.0.1',
    hostname: 'laptop',
    parameters: [1, 3, 6],
    leaseSeconds: 3600,
  });
});

test('NTP: a server answer, and the request that attackers reflect', () => {
  const answer = Buffer.alloc(48);
  answer.set([0x24, 1]);
  answer.set(Buffer.from('GPS\0'), 12);
  expect(parseNtp(answer, 0, 48)).toMatchObject({version: 4, mode: 'server', stratum: 1, reference: 'GPS'});
  expect(parseNtp(Buffer.from([0x17, 0, 3, 42, 0, 0, 0, 0]), 0, 8)).toMatchObject({mode: 'private', requestCode: 42});
  expect(parseNtp(answer, 0, 47)).toBeUndefined();
});

test('HTTP: a request and its answer', () => {
  const request = Buffer.from(
    'GET /a?b=c HTTP/1.1\r\nHOST:  site.example \r\nUser-Agent: curl/8\r\nAuthorization: Basic dTpw\r\n\r\n',
  );
  expect(parseHttp(request, 0, request.length)).toEqual({
    kind: 'http-request',
    method: 'GET',
    target: '/a?b=c',
    version: '1.1',
    host: 'site.example',
    userAgent: 'curl/8',
    contentType: '',
    authorization: 'basic',
  });
  const answer = Buffer.from('HTTP/1.0 404 Not Found\r\nServer: nginx\r\n\r\n');
  expect(parseHttp(answer, 0, answer.length)).toMatchObject({status: 404, server: 'nginx', version: '1.0'});
});

test('HTTP: what only looks like it is not, and a header that is cut is left out', () => {
  for (const text of ['GETAWAY\r\n', 'HELO mail.example\r\n', 'USER root\r\n', 'HTTP/1.1 nope', 'get / HTTP/1.1\r\n'])
    expect(parseHttp(Buffer.from(text), 0, text.length)).toBeUndefined();
  const cut = Buffer.from('POST / HTTP/1.1\r\nHost: exam');
  expect(parseHttp(cut, 0, cut.length)).toMatchObject({method: 'POST', host: ''});
});

test('SSH: the banner', () => {
  const banner = Buffer.from('SSH-2.0-OpenSSH_9.6p1 Ubuntu-3\r\n\0\0\x01');
  expect(parseSsh(banner, 0, banner.length)).toEqual({
    kind: 'ssh',
    protocol: '2.0',
    software: 'OpenSSH_9.6p1 Ubuntu-3',
  });
  expect(parseSsh(Buffer.from('SSH'), 0, 3)).toBeUndefined();
});
