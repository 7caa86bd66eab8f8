// Sends the benchmarks' mixed traffic through an interface, again and again: hundreds of packets with one system call and
// past the queueing discipline, for a sender that sends one by one is slower than the capture that it is to load.
//
// node packet-sender.js INTERFACE RATE LOOPS   packets a second, 0: as fast as it can. Says {"packets", "seconds"}.
import {interfaceNumber} from '../src/capture/packets/interfaces.ts';
import {loadKernel} from '../src/capture/packets/kernel.ts';
import {loadKoffi} from '../src/capture/packets/koffi.ts';
import {linkAddress} from '../src/capture/packets/ring.ts';
import {mixedTraffic} from './traffic.ts';

const [packetFamily, rawSocket, packetLevel, qdiscBypass] = [17, 3, 263, 20];
/** Packets a call. */
const batch = 128;
/** `struct mmsghdr` and `struct iovec` on 64 bits. */
const [headerSize, vectorSize] = [64, 16];

const [interfaceName = '', rate = '0', loops = '1'] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await send(interfaceName, Number(rate), Number(loops)))}\n`);

async function send(name: string, perSecond: number, times: number): Promise<{packets: number; seconds: number}> {
  const [kernel, koffi] = [await loadKernel(), await loadKoffi()];
  if ('missing' in kernel || 'missing' in koffi) throw new Error('Expected koffi, which this sender needs.');
  const sendmmsg = koffi.load(null).func('int sendmmsg(int, void*, uint32, int)') as (
    fd: number,
    messages: Buffer,
    count: number,
    flags: number,
  ) => number;
  const fd = kernel.socket(packetFamily, rawSocket, 0);
  const index = interfaceNumber(name);
  if (fd < 0 || index === undefined) throw new Error(`Expected to send on ${name}: error ${kernel.errno()}.`);
  kernel.setsockopt(fd, packetLevel, qdiscBypass, Buffer.from([1, 0, 0, 0]), 4);
  if (kernel.bind(fd, linkAddress(index), 20) < 0)
    throw new Error(`Expected to bind to ${name}: error ${kernel.errno()}.`);
  const batches = messageBatches(buffer => kernel.addressOf(buffer));
  const begun = performance.now();
  let packets = 0;
  for (let loop = 0; loop < times; loop++) {
    for (const {headers, count} of batches) {
      // Waits without sleeping: a sleep takes longer than a batch.
      while (perSecond > 0 && performance.now() - begun < (packets / perSecond) * 1_000);
      for (let done = 0; done < count; ) {
        const sent = sendmmsg(fd, headers.subarray(done * headerSize), count - done, 0);
        // The other end's queue is full: again.
        done += Math.max(0, sent);
      }
      packets += count;
    }
  }
  return {packets, seconds: (performance.now() - begun) / 1_000};
}

function messageBatches(addressOf: (buffer: Buffer) => bigint): {headers: Buffer; count: number; kept: Buffer[]}[] {
  const all = mixedTraffic();
  const batches: {headers: Buffer; count: number; kept: Buffer[]}[] = [];
  for (let at = 0; at < all.length; at += batch) {
    const packets = all.slice(at, at + batch).map(({bytes}) => Buffer.from(bytes));
    const vectors = Buffer.alloc(packets.length * vectorSize);
    packets.forEach((packet, i) => {
      vectors.writeBigUInt64LE(addressOf(packet), i * vectorSize);
      vectors.writeBigUInt64LE(BigInt(packet.length), i * vectorSize + 8);
    });
    const headers = Buffer.alloc(packets.length * headerSize);
    packets.forEach((_packet, i) => {
      headers.writeBigUInt64LE(addressOf(vectors) + BigInt(i * vectorSize), i * headerSize + 16);
      headers.writeBigUInt64LE(1n, i * headerSize + 24);
    });
    batches.push({headers, count: packets.length, kept: [...packets, vectors]});
  }
  return batches;
}
