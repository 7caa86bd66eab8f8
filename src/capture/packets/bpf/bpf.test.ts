import {RandomFilter} from '../../../../tests/filters/random-filter.ts';
import {QueryError} from '../../../query/expression.ts';
import {compileFilter} from './compile.ts';
import {disassemble} from './disassemble.ts';
import {filterProblem} from './filter-problem.ts';
import {PacketFilter} from './packet-filter.ts';
import {attachBytes, longestProgram, Op, programOf, withX} from './program.ts';
import {runFilter} from './run.ts';

const mac = (last: number) => [2, 0, 0, 0, 0, last];

/** An Ethernet frame with IPv4 and eight bytes of TCP or UDP. */
function frame(options: {protocol?: number; ports?: [number, number]; fragment?: number; tag?: number} = {}): Buffer {
  const {protocol = 6, ports = [40_000, 443], fragment = 0, tag} = options;
  const ip = Buffer.from([
    0x45,
    0,
    0,
    28,
    0,
    1,
    fragment >> 8,
    fragment & 255,
    64,
    protocol,
    0,
    0,
    10,
    0,
    0,
    1,
    192,
    0,
    2,
    9,
  ]);
  const transport = Buffer.alloc(8);
  transport.writeUInt16BE(ports[0], 0);
  transport.writeUInt16BE(ports[1], 2);
  const tagged = tag === undefined ? [] : [0x81, 0, tag >> 8, tag & 255];
  return Buffer.concat([Buffer.from([...mac(1), ...mac(2), ...tagged, 8, 0]), ip, transport]);
}

function accepts(text: string, bytes: Uint8Array, context = {outgoing: false, vlan: -1}): boolean {
  return runFilter(compileFilter(text, 'ethernet', context.vlan >= 0), bytes, 0, bytes.length, bytes.length, context);
}

function errorOf(text: string): QueryError {
  try {
    compileFilter(text, 'ethernet');
  } catch (error) {
    if (error instanceof QueryError) return error;
  }
  throw new Error(`Expected ${text} to be refused.`);
}

test('a program is what libpcap gives: loads are not repeated while A holds the value', () => {
  expect(disassemble(compileFilter('arp', 'ethernet'))).toBe('4\n40 0 0 12\n21 0 1 2054\n6 0 0 262144\n6 0 0 0\n');
  expect(disassemble(compileFilter('', 'raw'))).toContain('6 0 0 262144');
  expect(disassemble(compileFilter('ether proto 0x800 or ether proto 0x806', 'ethernet'))).toBe(
    '5\n40 0 0 12\n21 1 0 2048\n21 0 1 2054\n6 0 0 262144\n6 0 0 0\n',
  );
});

test('a packet is told by ports, addresses, protocols and its bytes', () => {
  for (const text of [
    'tcp port 443',
    'src 10.0.0.1',
    'dst net 192.0.2.0/24',
    'tcp[2:2] = 443',
    'ether dst 2:0:0:0:0:1',
  ])
    expect([text, accepts(text, frame())]).toEqual([text, true]);
  for (const text of ['udp', 'src port 443', 'dst host 10.0.0.1', 'vlan', 'ip6', 'greater 43'])
    expect([text, accepts(text, frame())]).toEqual([text, false]);
});

test('a later fragment has no ports', () => {
  expect(accepts('port 443', frame({fragment: 1}))).toBe(false);
  expect(accepts('port 443', frame({fragment: 0x2000}))).toBe(true);
});

test('a packet too short for a test is rejected, also by its negation', () => {
  const short = frame().subarray(0, 33);
  expect(accepts('dst host 192.0.2.9', short)).toBe(false);
  expect(accepts('not dst host 192.0.2.9', short)).toBe(false);
});

test('nothing is read beyond the packet, though bytes follow', () => {
  const bytes = Buffer.concat([frame(), Buffer.alloc(100, 1)]);
  const program = compileFilter('ether[60] = 1', 'ethernet');
  expect(runFilter(program, bytes, 0, 42, 42)).toBe(false);
  expect(runFilter(program, bytes, 0, 142, 142)).toBe(true);
  expect(runFilter(compileFilter('tcp[4:4] = 0', 'ethernet'), bytes, 0, 41, 41)).toBe(false);
});

test('a packet in the middle of a block is read from its start', () => {
  const bytes = Buffer.concat([Buffer.alloc(77, 255), frame(), Buffer.alloc(9, 255)]);
  expect(runFilter(compileFilter('tcp dst port 443', 'ethernet'), bytes, 77, 77 + 42, 42)).toBe(true);
});

test('a tag in the packet and a tag that the kernel took out are the same to a filter', () => {
  for (const [text, expected] of [
    ['vlan', true],
    ['vlan 7 and tcp port 443', true],
    ['vlan 8', false],
    ['not vlan 8', true],
    ['vlan and vlan', false],
  ] as const) {
    const inside = accepts(text, frame({tag: 7}));
    expect([text, inside, accepts(text, frame(), {outgoing: false, vlan: 7})]).toEqual([text, inside, inside]);
    if (!text.startsWith('not')) expect([text, inside]).toEqual([text, expected]);
  }
});

test('inbound and outbound go by who sent the packet', () => {
  expect(accepts('outbound', frame(), {outgoing: true, vlan: -1})).toBe(true);
  expect(accepts('outbound', frame(), {outgoing: false, vlan: -1})).toBe(false);
  expect(accepts('inbound', frame(), {outgoing: false, vlan: -1})).toBe(true);
});

test('IPv6 over BSD loopback is known by the number of every system, in either byte order', () => {
  const program = compileFilter('ip6', 'null');
  for (const family of [
    [10, 0, 0, 0],
    [30, 0, 0, 0],
    [0, 0, 0, 28],
    [0, 0, 0, 24],
  ])
    expect(runFilter(program, Uint8Array.from(family), 0, 4, 4)).toBe(true);
  expect(runFilter(program, Uint8Array.from([2, 0, 0, 0]), 0, 4, 4)).toBe(false);
});

test('a jump farther than 255 instructions goes by way of another', () => {
  const ports = Array.from({length: 100}, (_, i) => `port ${i + 1}`).join(' or ');
  const program = compileFilter(`tcp or ${ports}`, 'ethernet');
  expect(program.instructions.length).toBeGreaterThan(1_000);
  program.instructions.forEach(({code, jt, jf, k}, at) => {
    if (code === Op.returnConstant) return;
    const farthest = code === Op.jump ? k : Math.max(jt, jf);
    expect(at + 1 + farthest).toBeLessThan(program.instructions.length);
    expect(Math.max(jt, jf)).toBeLessThanOrEqual(255);
  });
  expect(accepts(ports, frame({ports: [9_999, 100]}))).toBe(true);
  expect(accepts(ports, frame({ports: [9_999, 101]}))).toBe(false);
  expect(accepts(`not (${ports})`, frame({ports: [1, 9_999]}))).toBe(false);
});

test('a program that the kernel would find too long is refused', () => {
  const text = Array.from({length: 400}, (_, i) => `port ${i}`).join(' or ');
  expect(errorOf(text.slice(0, 4096).replace(/ or[^r]*$/, '')).message).toMatch(/at most 4096 instructions/);
  expect(longestProgram).toBe(4096);
});

test('the kernel is given 8 bytes an instruction, and no more of a packet than wanted', () => {
  const bytes = attachBytes(
    programOf([
      {code: 0x15, jt: 1, jf: 2, k: 0xfffffffe},
      {code: 6, jt: 0, jf: 0, k: 262144},
    ]),
    96,
  );
  expect(bytes.toString('hex')).toBe('15000102feffffff' + '0600000060000000');
});

test('a division by zero rejects, and so does a remainder', () => {
  for (const operation of [Op.divide, Op.modulo]) {
    const steps = [
      {code: Op.loadConstant, k: 1},
      {code: Op.loadXConstant, k: 0},
      {code: operation + withX, k: 0},
      {code: Op.returnConstant, k: 1},
    ];
    const program = programOf(steps.map(step => ({...step, jt: 0, jf: 0})));
    expect(runFilter(program, new Uint8Array(20), 0, 20, 20)).toBe(false);
  }
});

test.each([
  ['host 10.0.0.1/8', 5, /bits that the mask leaves out.*10\.0\.0\.1\/8/],
  ['tcp port', 8, /Expected a port such as 443, got the end/],
  ['ip proto tcp', 9, /\\tcp names it/],
  ['tcp and 1.2.3.4', 8, /Expected host, net or port before "1\.2\.3\.4"/],
  ['(tcp or udp', 11, /closing \)/],
  ['tcp udp', 4, /Expected and, or, or the end, got "udp"/],
  ['port nosuch', 5, /got "nosuch"/],
  ['host www.example.org', 5, /names are not looked up/],
  ['ip[0:3] = 1', 5, /1, 2 or 4 bytes/],
  ['ip[0] / 0 = 1', 6, /other than 0/],
  ['ether host 10.0.0.1', 11, /MAC address after ether/],
  ['gateway foo', 0, /gateway's MAC/],
  ['ip6 protochain 6', 4, /loops/],
  ['vlan 5000', 0, /at most 4095/],
])('%s is refused at character %d', (text, at, message) => {
  expect(errorOf(text).message).toMatch(message);
  expect(errorOf(text).at).toBe(at);
});

test('depth and length are bounded', () => {
  expect(errorOf(`${'('.repeat(60)}tcp${')'.repeat(60)}`).message).toMatch(/at most 50 levels/);
  expect(errorOf(`${'not '.repeat(60)}tcp`).message).toMatch(/at most 50 levels/);
  expect(errorOf(`ip[${'('.repeat(60)}0${')'.repeat(60)}] = 1`).message).toMatch(/at most 50 levels/);
  expect(errorOf(`${'1^'.repeat(60)}1 = 1`).message).toMatch(/at most 50 levels/);
  expect(errorOf('a'.repeat(5_000)).message).toMatch(/at most 4096 characters/);
});

test('what is wrong is shown under the text', () => {
  expect(filterProblem('tcp')).toBeUndefined();
  expect(filterProblem('tcp port')).toBe('tcp port\n        ^\nExpected a port such as 443, got the end.');
});

test('a link type without an answer is named', () => {
  const packet = {bytes: frame(), start: 0, end: 42, wire: 42, time: 0, outgoing: false, vlan: -1, etherType: 0};
  expect(new PacketFilter('tcp').accepts({...packet, link: 'ethernet'})).toBe(true);
  expect(() => new PacketFilter('tcp').accepts({...packet, link: 'radiotap'})).toThrow(/link type radiotap/);
  expect(() => compileFilter('ether host 1:2:3:4:5:6', 'sll')).toThrow(/got packets of Linux cooked capture/);
});

test('no text makes the compiler fail in any way but a QueryError within the text', () => {
  const pieces =
    'tcp|ip6|host|port|portrange|and|or|not|!|(|)|[|]|[0:2]|1.2.3.4|/8|::1|1:2:3:4:5:6|80|0x|\\|\\tcp|vlan|mpls|pppoes|=|!=|<<|%|^|-|len|src|dst|proto|ether|tcpflags|~|é|\u0000|less|-1|99999999999|a-b|mask|broadcast'.split(
      '|',
    );
  let state = 7;
  const below = (bound: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  const random = new RandomFilter(3);
  for (let i = 0; i < 6_000; i++) {
    const pick = () => pieces[below(pieces.length)] ?? '';
    const text =
      i % 2 === 0
        ? Array.from({length: 1 + below(12)}, pick).join(below(2) === 0 ? ' ' : '')
        : random.next().replace(/./g, char => (below(30) === 0 ? pick() : char));
    check(text);
  }
});

/** Compiles, and runs what compiles on a packet. */
function check(text: string): void {
  try {
    accepts(text, frame());
  } catch (error) {
    if (!(error instanceof QueryError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`);
    expect(error.at).toBeGreaterThanOrEqual(0);
    expect(error.at).toBeLessThanOrEqual(text.length);
    expect(error.message).toMatch(/^Expected /);
  }
}

test('the worst texts take no longer than a moment', () => {
  const began = process.cpuUsage();
  for (const piece of ['(', ':', '1:', 'f:', 'a-', '1^', '1+', 'not ', '((1)+', 'ip[', '1.', '::', 'port 1 or '])
    check(piece.repeat(Math.floor(4096 / piece.length)));
  expect(process.cpuUsage(began).user).toBeLessThan(3_000_000);
});
