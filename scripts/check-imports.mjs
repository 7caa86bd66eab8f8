// Holds the rooms of src/ in their order: a room may import itself and the rooms below it, never one above. Types count.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, resolve, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));
const rooms = ['event', 'config', 'query', 'capture', 'detect', 'store', 'pipeline', 'tui', 'cli'];
// The network detectors run beside the capture, in the sensor process, so this one door between the rooms is open.
const doors = [['capture/packets', 'detect/network']];

const wrong = [];
for (const file of filesIn(source)) {
  const from = relative(source, file).split(sep).join('/');
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)) {
    const to = relative(source, resolve(dirname(file), path))
      .split(sep)
      .join('/');
    if (!isAllowed(from, to)) wrong.push(`src/${from}: imports src/${to}, which lies above it (${rooms.join(' < ')})`);
  }
}
for (const line of wrong) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;

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
