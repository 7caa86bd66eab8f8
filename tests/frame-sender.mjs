// Sends numbered Ethernet frames: frame-sender.mjs INTERFACE COUNT LENGTH [VLAN]. Their last four bytes are the number.
import {readFileSync, writeSync} from 'node:fs';
import {loadKernel} from '../dist/src/capture/packets/kernel.js';

const [, , name, count, length, vlan] = process.argv;
const kernel = await loadKernel();
const index = Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'));
const mac = readFileSync(`/sys/class/net/${name}/address`, 'utf8').trim().replaceAll(':', '');
const fd = kernel.socket(17, 3, 0);
const address = Buffer.alloc(20);
address.writeUInt16LE(17, 0);
address.writeInt32LE(index, 4);
if (kernel.bind(fd, address, 20) !== 0) throw new Error(`bind: ${kernel.errno()}`);
const tag = vlan === undefined ? '' : `8100${Number(vlan).toString(16).padStart(4, '0')}`;
const header = Buffer.from(`ffffffffffff${mac}${tag}0800450000280001000040110000`, 'hex');
const frame = Buffer.alloc(Number(length));
header.copy(frame);
for (let number = 0; number < Number(count); number++) {
  frame.writeUInt32BE(number, frame.length - 4);
  writeSync(fd, frame);
}
