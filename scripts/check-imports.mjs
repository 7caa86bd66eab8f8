// Holds the rooms of src/ in their order: a room may import itself and the rooms below it, never one above. Types count.
// And holds what reads the bytes of packets, which are hostile, in processes without rights: nothing that runs in the
// program itself may import it, nor anything that does.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));
const rooms = ['event', 'config', 'query', 'capture', 'detect', 'store', 'pipeline', 'tui', 'cli'];
// The network detectors run beside the capture, in the sensor process, so this one door between the rooms is open.
const doors = [['capture/packets', 'detect/network']];

// What stands in these rooms runs in the program itself; in the others some files run in the sensor or the inspector.
const ownRooms = ['store', 'pipeline', 'tui', 'cli'];
// All of the decoder but for what works on numbers and names that it found.
const packetReaders =
  /^capture\/packets\/(decode\/(?!(address|community-id|decoded|events|layers|names|sha1)\.ts$)|bpf\/(run|packet-filter)\.ts$)/;

const wrong = [];
const imports = new Map();
for (const file of filesIn(source)) {
  const from = relative(source, file).split(sep).join('/');
  imports.set(from, importsOf(file));
  for (const {to} of imports.get(from)) {
    if (!isAllowed(from, to)) wrong.push(`src/${from}: imports src/${to}, which lies above it (${rooms.join(' < ')})`);
    if (isOwn(from) && to.startsWith('capture/packets/decode/')) wrong.push(readsPackets([from, to]));
  }
}
for (const from of imports.keys()) {
  const way = isOwn(from) ? wayToReader(from) : undefined;
  // What imports a file of these rooms that does is not told of as well.
  if (way && !isOwn(way[1])) wrong.push(readsPackets(way));
}
for (const line of new Set(wrong)) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Of relative imports: the file, and whether more than types are taken from it. */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:(import|export) (type )?[^;'"]*?from\s*|import\s*\(?\s*)'(\.{1,2}\/[^']+)'/g)].map(
    ([, , type, path]) => ({
      to: relative(source, resolve(dirname(file), path))
        .split(sep)
        .join('/'),
      runs: type === undefined,
    }),
  );
}

function isOwn(file) {
  return ownRooms.includes(roomOf(file)) && !/\.(test|fixture)\.tsx?$/.test(file);
}

/** How a file comes to code that reads packets, import by import; undefined where it does not. */
function wayToReader(from) {
  const ways = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    for (const {to, runs} of imports.get(way.at(-1)) ?? []) {
      if (!runs || seen.has(to)) continue;
      seen.add(to);
      if (packetReaders.test(to)) return [...way, to];
      ways.push([...way, to]);
    }
  }
  return undefined;
}

function readsPackets(way) {
  const [from, ...rest] = way.map(file => `src/${file}`);
  return `${from}: imports ${rest.join(', which imports ')}: the bytes of packets are read in processes without rights`;
}

function isAllowed(from, to) {
  if (to.startsWith('..')) return true;
  if (doors.some(([here, there]) => from.startsWith(`${here}/`) && to.startsWith(`${there}/`))) return true;
  return rooms.indexOf(roomOf(to)) <= rooms.indexOf(roomOf(from));
}

function roomOf(path) {
  const room = path.split('/')[0];
  if (!rooms.includes(room)) throw new Error(`src/${path}: expected one of the rooms ${rooms.join(', ')}`);
  return room;
}

function filesIn(folder) {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
