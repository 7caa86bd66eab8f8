// What judging a flow costs: `npm run -s bench:flow-cost -- FOLDER`. One JSON line.
//
// If FOLDER holds weeks (see alert-load.ts), the flows of the first are the ordinary ones; otherwise a generated server's
// five days are. Then a million flows of forged sources come on top of what was learned. The first part of the ordinary
// flows is to warm up. `microsPerFlow` is the processor's time of the whole process meanwhile, garbage collection and
// compilation included; `medianMicros` the time by the clock of the middle batch, a flow.
import {existsSync, mkdirSync} from 'node:fs';
import {FlowSurprise} from '../src/detect/surprise/flows/flow-surprise.ts';
import {generatedFlow} from '../src/detect/surprise/flows/generated-flow.ts';
import {desk, ordinaryTraffic} from '../src/detect/surprise/flows/generated-traffic.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import type {FlowEvent} from '../src/event/event.ts';
import {CostMeter} from './cost-meter.ts';
import {EventMaker} from './life/events.ts';
import {readWeek, weekFolders} from './life/read-week.ts';

const batchSize = 500;
const warmPart = 0.4;
const forgedFlows = 1_000_000;
const start = 1_700_006_400_000_000;

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  process.stderr.write(
    'bench flow-cost: expected one folder of weeks, or an empty one\nUse: npm run -s bench:flow-cost -- FOLDER\n',
  );
  process.exit(2);
}
if (!existsSync(folder)) mkdirSync(folder, {recursive: true});

const ordinary = await ordinaryFlows(folder);
const detector = new FlowSurprise({risk: () => 1e-4});
const warm = Math.floor(ordinary.length * warmPart);
measure(ordinary.slice(0, warm));
const usual = measure(ordinary.slice(warm));
const stateBefore = JSON.stringify(detector.save()).length;
const last = ordinary.at(-1) ?? generatedFlow({time: start});
const forged = measureForged(last);
const line = {
  bench: 'flow-cost',
  ordinary: {flows: ordinary.length - warm, ...usual},
  spoofed: {flows: forgedFlows, ...forged},
  stateBytes: {ordinary: stateBefore, spoofed: JSON.stringify(detector.save()).length},
  peers: detector.stats().peers,
};
process.stdout.write(`${JSON.stringify(line)}\n`);

async function ordinaryFlows(path: string): Promise<FlowEvent[]> {
  const [first] = weekFolders(path);
  if (first === undefined) return ordinaryTraffic(31, start, 5, 'server');
  const week = readWeek(first);
  const maker = new EventMaker(week.host);
  const flows: FlowEvent[] = [];
  for await (const item of week.items) {
    const event = item.kind === 'flow' ? maker.event(item) : undefined;
    if (event?.kind === 'flow') flows.push(event);
  }
  return flows;
}

function measure(flows: readonly FlowEvent[]): {microsPerFlow: number; medianMicros: number} {
  const meter = new CostMeter();
  for (let at = 0; at < flows.length; at += batchSize) meter.run(flows.slice(at, at + batchSize), judge);
  return meter.result();
}

/** Half way, all tables are full: what memory grows by after that is a leak. */
function measureForged({time, origin}: FlowEvent) {
  const random = seededRandom(5);
  const meter = new CostMeter();
  let half = 0;
  for (let at = 0; at < forgedFlows; at += batchSize) {
    if (at === forgedFlows / 2) half = settledMemory();
    const batch = Array.from({length: batchSize}, (_, number) =>
      forgedFlow(random, time + (at + number) * 1_000, origin),
    );
    meter.run(batch, judge);
  }
  return {...meter.result(), rssGrowthBytes: settledMemory() - half};
}

function forgedFlow(random: () => number, time: number, origin: FlowEvent['origin']): FlowEvent {
  const part = () => Math.floor(random() * 256);
  const sourceIp = `${1 + Math.floor(random() * 220)}.${part()}.${part()}.${part()}`;
  const flow = generatedFlow({time, sourceIp, destinationIp: desk, destinationPort: 443, state: 'S0', bytesOut: 44});
  return {...flow, origin, packetsIn: 0, bytesIn: 0};
}

function judge(batch: readonly FlowEvent[]): void {
  detector.onEvents(batch);
}

function settledMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}
