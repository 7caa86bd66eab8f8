// Opens one capture backend and prints what it gives, a JSON object a line. A line on stdin is a command.
//   backend-driver.mjs BACKEND INTERFACE     BACKEND may be pcap-one: libpcap, packet by packet
//   commands: open [SNAP] | pause | go | counters | close | fds
import {readdirSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {findCap} from '../dist/src/capture/packets/cap.js';
import {loadKernel} from '../dist/src/capture/packets/kernel.js';
import {loadKoffi} from '../dist/src/capture/packets/koffi.js';
import {openBackends} from '../dist/src/capture/packets/open-backends.js';
import {openPcap} from '../dist/src/capture/packets/pcap.js';
import {loadPcap} from '../dist/src/capture/packets/pcap-library.js';

const [, , name, interfaceName] = process.argv;
const say = object => process.stdout.write(`${JSON.stringify(object)}\n`);
const kernel = await loadKernel();
let backend;
let paused = false;

async function open(snapLength) {
  const shared = {promiscuous: false, snapLength};
  if (name === 'pcap-one') {
    const options = {...shared, interface: interfaceName, megabytes: 1, oneByOne: true};
    return openPcap(loadPcap(await loadKoffi()), options);
  }
  const args = {...shared, backend: name, capPath: findCap(), interfaces: [interfaceName], ringMegabytes: 1};
  return (await openBackends(kernel, args)).backends[0];
}

function onPacket({bytes, start, end, wire, time, outgoing, vlan, link}) {
  // libpcap puts the tag that the kernel took out back into the bytes.
  const tagged = bytes[start + 12] === 0x81 && bytes[start + 13] === 0;
  const id = tagged ? (bytes[start + 14] & 15) * 256 + bytes[start + 15] : vlan;
  const number = Buffer.from(bytes.slice(end - 4, end)).readUInt32BE(0);
  say({type: 'packet', kept: end - start, wire, time, outgoing, vlan: id, link, number, tagged});
}

const commands = {
  open: async ([snap = '2048']) => {
    try {
      backend = await open(Number(snap));
      backend.take(onPacket);
      say({type: 'open'});
    } catch (error) {
      say({type: 'refused', code: error.code, message: error.message, mend: error.mend});
    }
  },
  pause: () => {
    paused = true;
  },
  go: () => {
    paused = false;
  },
  counters: () => say({type: 'counters', ...backend.counters(), state: backend.linkState(), error: backend.error}),
  close: () => {
    backend.close();
    backend = undefined;
    say({type: 'closed'});
  },
  fds: () => say({type: 'fds', count: readdirSync('/proc/self/fd').length}),
};

const timer = setInterval(() => {
  while (backend && !paused && backend.take(onPacket) > 0);
}, 5);
for await (const line of createInterface({input: process.stdin})) {
  const [command, ...words] = line.split(' ');
  await commands[command](words);
}
clearInterval(timer);
backend?.close();
