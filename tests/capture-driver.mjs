// Runs the built packet sources for tests and prints what they give, a JSON object a line. Live, it ends when stdin does.
//   capture-driver.mjs live INTERFACE [POSITION]    capture-driver.mjs read FILE [THRESHOLD]
// SIEM_TEST_CAPTURE: settings of [capture] that are not the usual ones, as JSON.
// CAPTURE_FILTER in the environment: only packets that it accepts.
import {CaptureFileSource} from '../dist/src/capture/files/capture-file-source.js';
import {PacketSource} from '../dist/src/capture/packets/packet-source.js';
import {settingsSchema} from '../dist/src/config/settings.js';

const [, , mode, what, extra] = process.argv;
const each = type => list => {
  for (const value of list) say(type, value);
};
const say = (type, value) => process.stdout.write(`${JSON.stringify({type, value})}\n`);
const capture = {
  packets: true,
  backend: 'auto',
  interfaces: [what],
  ring_megabytes: 4,
  promiscuous: false,
  snap_length: 2048,
  max_flows: 10_000,
  user: 'nobody',
  filter: process.env.CAPTURE_FILTER ?? '',
  ...JSON.parse(process.env.SIEM_TEST_CAPTURE ?? '{}'),
};
const network = settingsSchema.parse(
  mode === 'read' && extra !== undefined ? {network: {scan_ports: extra, scan_hosts: extra}} : {},
).network;
const settings = {capture, network};
const callbacks = {
  onHello: hello => say('hello', hello),
  onPackets: each('packet'),
  onCounters: counters => say('counters', counters),
  onAlerts: each('alert'),
  onTallies: each('tally'),
  log: line => say('log', line),
};
const live = () => new PacketSource({settings, ...callbacks});
const read = () => new CaptureFileSource({settings, filter: capture.filter, path: what, watched: true, ...callbacks});
const source = mode === 'live' ? live() : read();
const emit = Object.assign(
  async batch => {
    if (batch.gap) say('gap', batch.gap);
    for (const event of batch.events) say('flow', event);
  },
  {room: () => true},
);
const stop = new AbortController();
if (mode === 'live') process.stdin.on('end', () => stop.abort()).resume();
const position = mode === 'live' && extra !== undefined ? {time: Number(extra)} : undefined;
const clock = () => Date.now() * 1000;
try {
  const context = {agent: 'agent', host: 'host', position, backfillFrom: 0, clock, news: news => say('news', news)};
  await source.start(emit, stop.signal, context);
} catch (error) {
  say('error', {message: error.message, mend: error.mend});
}
process.stdin.destroy();
