import type {CaptureError} from './backend.ts';
import type {Koffi} from './koffi.ts';
import {openPcap} from './pcap.ts';
import {deviceNamed, type PcapDevice, pcapDevices} from './pcap-devices.ts';
import {loadPcap, type PcapLibrary, pcapPaths} from './pcap-library.ts';
import {accountIn} from './privilege.ts';

/** Memory of a C program: structures are written to it, and addresses in it are read through a koffi of our own. */
class Memory {
  readonly bytes = Buffer.alloc(4096);
  #used = 64;

  put(length: number, write: (at: Buffer) => void): bigint {
    const at = this.#used;
    this.#used += Math.ceil(length / 8) * 8;
    write(this.bytes.subarray(at, at + length));
    return BigInt(at);
  }

  text(text: string): bigint {
    return this.put(text.length + 1, at => at.write(text, 'latin1'));
  }

  pointers(...values: readonly bigint[]): bigint {
    return this.put(values.length * 8, at => {
      values.forEach((value, i) => {
        at.writeBigUInt64LE(value, i * 8);
      });
    });
  }

  read(at: bigint, length: number): Buffer {
    return this.bytes.subarray(Number(at), Number(at) + length);
  }

  koffi(): Koffi {
    const copy = (to: Buffer, from: bigint, length: number) => this.read(from, length).copy(to);
    return {
      load: () => ({func: () => copy as never, symbol: () => 0n}),
      view: (at, length) => Uint8Array.from(this.read(at as bigint, length)).buffer,
      address: () => 0n,
      errno: () => 0,
    };
  }
}

/** A libpcap of one interface with the given packets, as one without C streams. */
function library(platform: NodeJS.Platform, memory: Memory, packets: (readonly [bigint, bigint])[]): PcapLibrary {
  const fine = () => 0;
  const device = memory.put(40, at => {
    at.writeBigUInt64LE(memory.text('\\Device\\NPF_{1}'), 8);
    at.writeBigUInt64LE(memory.text('Intel(R) Ethernet'), 16);
    at.writeUInt32LE(6, 32);
  });
  return {
    ...{version: 'stand-in', path: '', platform, koffi: memory.koffi(), create: () => 1n},
    ...{setSnapLength: fine, setPromiscuous: fine, setTimeout: fine, setBufferSize: fine},
    ...{setTimestampPrecision: () => -12, activate: fine, setNonBlocking: fine, dispatch: fine},
    dataLink: () => 1,
    nextPacket: (_handle, header, data) => {
      const packet = packets.shift();
      if (!packet) return 0;
      (header as Buffer).writeBigUInt64LE(packet[0]);
      (data as Buffer).writeBigUInt64LE(packet[1]);
      return 1;
    },
    statistics: (_handle, numbers) => {
      (numbers as Buffer).writeUInt32LE(5, 4);
      return 0;
    },
    ...{close: () => undefined, error: () => 'it said so', freeDevices: () => undefined, dump: undefined},
    findDevices: first => {
      (first as Buffer).writeBigUInt64LE(device);
      return 0;
    },
  };
}

const options = {interface: 'Intel(R) Ethernet', megabytes: 1, promiscuous: false, snapLength: 100};

test('with Npcap packets are read one by one, their times in words of 32 bits', () => {
  const memory = new Memory();
  const data = memory.text('0123456789abcdef');
  const header = memory.put(16, at => {
    [1_700_000_000, 123_456, 16, 900].forEach((word, i) => {
      at.writeUInt32LE(word, i * 4);
    });
  });
  const capture = openPcap(library('win32', memory, [[header, data]]), options);
  const seen: unknown[] = [];
  const count = capture.take(({bytes, start, end, wire, time, link}) =>
    seen.push([Buffer.from(bytes.slice(start, end)).toString(), wire, time, link]),
  );
  expect(count).toBe(1);
  expect(seen).toEqual([['0123456789abcdef', 900, 1_700_000_000_123_456, 'ethernet']]);
  expect(capture.take(() => undefined)).toBe(0);
  expect(capture.counters()).toEqual({droppedByKernel: 5});
  expect(capture.linkState()).toBe('up');
});

test('an error while capturing is told as broken, with the words of the library', () => {
  const memory = new Memory();
  const capture = openPcap({...library('win32', memory, []), nextPacket: () => -1}, options);
  expect(capture.take(() => undefined)).toBe(0);
  expect([capture.linkState(), capture.error]).toEqual(['broken', 'it said so']);
});

test.each([
  ['darwin', -8, 'no-permission', '/dev/bpf'],
  ['win32', -8, 'no-permission', 'administrator'],
  ['win32', -9, 'interface-down', 'netsh interface set interface'],
  ['darwin', -1, 'capture-refused', 'packets = no'],
] as const)('on %s the status %i of opening is %s, with what mends it', (platform, status, code, mend) => {
  const refusing = {...library(platform, new Memory(), []), activate: () => status};
  const open = () => openPcap(refusing, options);
  expect(open).toThrow(expect.objectContaining({code, mend: expect.stringContaining(mend)}) as CaptureError);
});

test('an interface that the library does not know is said so', () => {
  const open = () => openPcap(library('win32', new Memory(), []), {...options, interface: 'Wi-Fi'});
  expect(open).toThrow('Expected a network interface called Wi-Fi, found none.');
});

describe('devices', () => {
  const address = (memory: Memory, family: (at: Buffer) => void, length: number) =>
    memory.put(28, at => {
      family(at);
      if (length === 4) Buffer.from([192, 0, 2, 7]).copy(at, 4);
      else Buffer.from('fe800000000000000000000000000001', 'hex').copy(at, 8);
    });
  const list = (platform: NodeJS.Platform, families: readonly ((at: Buffer) => void)[]) => {
    const memory = new Memory();
    const [v4, v6] = [4, 16].map((length, i) => address(memory, families[i] ?? (() => undefined), length));
    const second = memory.pointers(0n, v6 ?? 0n, 0n, 0n, 0n);
    const addresses = memory.pointers(second, v4 ?? 0n, 0n, 0n, 0n);
    const device = memory.pointers(0n, memory.text('en0'), memory.text('Wi-Fi'), addresses, 2n);
    const findDevices = (first: unknown) => {
      (first as Buffer).writeBigUInt64LE(device);
      return 0;
    };
    return pcapDevices({...library(platform, memory, []), findDevices});
  };

  test.each<[NodeJS.Platform, ((at: Buffer) => void)[]]>([
    ['linux', [at => at.writeUInt16LE(2), at => at.writeUInt16LE(10)]],
    ['win32', [at => at.writeUInt16LE(2), at => at.writeUInt16LE(23)]],
    ['darwin', [at => at.set([16, 2]), at => at.set([28, 30])]],
  ])('are listed with the addresses as %s writes them', (platform, families) => {
    const addresses = ['192.0.2.7', 'fe80::1'];
    expect(list(platform, families)).toEqual([
      {name: 'en0', description: 'Wi-Fi', addresses, loopback: false, up: true},
    ]);
  });

  test("Npcap's are found by the name that Windows shows, through their addresses", () => {
    const rest = {description: 'Intel(R)', loopback: false, up: true};
    const devices: PcapDevice[] = [
      {...rest, name: '\\Device\\NPF_{1}', addresses: ['169.254.1.1'], description: 'Realtek'},
      {...rest, name: '\\Device\\NPF_{2}', addresses: ['fe80::1', '192.0.2.7']},
    ];
    const system = {'Ethernet 2': [{address: '192.0.2.7'}], Empty: []};
    const name = (wanted: string) => deviceNamed(wanted, devices, system)?.name;
    expect(['Ethernet 2', 'Intel(R)', '\\Device\\NPF_{1}', 'Empty', 'none'].map(name)).toEqual([
      '\\Device\\NPF_{2}',
      '\\Device\\NPF_{2}',
      '\\Device\\NPF_{1}',
      undefined,
      undefined,
    ]);
  });
});

test('Npcap is loaded by its full path only, and its folder is opened for the DLL beside it', () => {
  const loaded: (string | null)[] = [];
  const folders: unknown[] = [];
  const koffi: Koffi = {
    ...new Memory().koffi(),
    load: path => {
      loaded.push(path);
      if (path !== 'kernel32.dll') throw new Error('not there');
      return {func: () => folder => folders.push(folder), symbol: () => 0n};
    },
  };
  expect(loadPcap(koffi, 'win32')).toEqual({missing: expect.stringContaining('wpcap.dll: not there')});
  expect(folders).toEqual([expect.stringContaining('Npcap')]);
  expect(loaded.filter(path => path !== 'kernel32.dll')).toEqual(pcapPaths('win32'));
  for (const path of pcapPaths('win32')) expect(path).toMatch(/^C:\\Windows.*wpcap\.dll$/);
});

test("nobody's ids of macOS become what its calls take", () => {
  const passwd = '# users\nnobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false\nroot:*:0:0::/:/bin/sh\n';
  expect(accountIn(passwd, 'nobody')).toEqual({uid: 4_294_967_294, gid: 4_294_967_294});
  expect(accountIn(passwd, 'root')).toEqual({uid: 0, gid: 0});
  expect(accountIn(passwd, 'ada')).toBeUndefined();
});
