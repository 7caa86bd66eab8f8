// Ordinary TCP for tests: tcp-transfer.mjs receive ADDRESS | send ADDRESS PORT BYTES | gro INTERFACE (receive offload on)
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {loadKernel} from '../dist/src/capture/packets/kernel.js';

const [, , mode, where, port, bytes] = process.argv;

if (mode === 'receive') {
  const server = createServer(socket => {
    let received = 0;
    socket.on('data', chunk => {
      received += chunk.length;
    });
    socket.on('end', () => {
      process.stdout.write(`received ${received}\n`);
      server.close();
    });
  });
  server.listen(0, where, () => process.stdout.write(`port ${server.address().port}\n`));
} else if (mode === 'send') {
  const socket = connect(Number(port), where);
  await once(socket, 'connect');
  const chunk = Buffer.alloc(1 << 20, 'x');
  for (let left = Number(bytes); left > 0; left -= chunk.length) {
    if (!socket.write(chunk.subarray(0, Math.min(left, chunk.length)))) await once(socket, 'drain');
  }
  socket.end();
} else {
  const kernel = await loadKernel();
  const setReceiveOffload = 0x2c;
  const value = Buffer.alloc(8);
  value.writeUInt32LE(setReceiveOffload, 0);
  value.writeUInt32LE(1, 4);
  const request = Buffer.alloc(40);
  request.write(where, 0, 'latin1');
  request.writeBigUInt64LE(kernel.addressOf(value), 16);
  const fd = kernel.socket(2, 2, 0);
  if (kernel.ioctl(fd, 0x8946, request) !== 0) throw new Error(`ioctl: ${kernel.errno()}`);
}
