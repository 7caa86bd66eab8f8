// Stands in for Windows' wevtutil: answers el, gli and qe out of FOLDER/wevtutil.json, as Windows words it.
// node wevtutil.mjs FOLDER el | gli CHANNEL | qe CHANNEL [/q:XPATH] [/c:N] [/rd:true] [/f:XML] [/uni:true]
import {appendFileSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

const [folder, command, ...words] = process.argv.slice(2);
const state = JSON.parse(readFileSync(join(folder, 'wevtutil.json'), 'utf8'));
const option = name => words.find(word => word.startsWith(`/${name}:`))?.slice(name.length + 2);
appendFileSync(join(folder, 'wevtutil.calls'), `${[command, ...words].join(' ')}\n`);

if (command === 'el') print(Object.keys(state.channels).join('\r\n'), 'utf8');
else if (command === 'gli') print(info(channel()), 'utf8');
else if (command === 'qe') print(events(channel()).join('\r\n'), option('uni') === 'true' ? 'utf16le' : 'utf8');
else fail(87, 'The parameter is incorrect.');

function channel() {
  const found = state.channels[words[0]];
  if (!found)
    fail(15007, `Failed to read events for channel ${words[0]}.\r\nThe specified channel could not be found.`);
  if (found.denied) fail(5, 'Failed to read log status information.\r\nAccess is denied.');
  return found;
}

function info({created, records}) {
  const oldest = records[0]?.id ?? 0;
  return [
    `creationTime: ${created}`,
    `lastAccessTime: ${created}`,
    `lastWriteTime: ${created}`,
    'fileSize: 1118208',
    'attributes: 32',
    `numberOfLogRecords: ${records.length === 0 ? 0 : records.at(-1).id - oldest + 1}`,
    `oldestRecordNumber: ${oldest}`,
  ].join('\r\n');
}

function events({records}) {
  if (option('f') !== 'XML') fail(87, 'This stand-in writes XML only.');
  const found = records.filter(matcher(option('q') ?? '*'));
  if (option('rd') === 'true') found.reverse();
  return found.slice(0, Number(option('c') ?? Number.POSITIVE_INFINITY)).map(({xml}) => xml);
}

function matcher(query) {
  if (query === '*') return () => true;
  const byId = /^\*\[System\[\(EventRecordID(>=?)(\d+)\)\]\]$/.exec(query);
  if (byId) return ({id}) => (byId[1] === '>' ? id > Number(byId[2]) : id >= Number(byId[2]));
  const byTime = /^\*\[System\[TimeCreated\[@SystemTime>='([^']+)'\]\]\]$/.exec(query);
  if (byTime) return ({time}) => Date.parse(time) >= Date.parse(byTime[1]);
  return fail(15001, 'The specified query is invalid.');
}

function print(text, encoding) {
  process.stdout.write(Buffer.from(text === '' ? '' : `${text}\r\n`, encoding));
}

function fail(code, complaint) {
  process.stderr.write(`${complaint}\r\n`);
  process.exit(code);
}
