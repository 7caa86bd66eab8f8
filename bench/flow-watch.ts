// What watching flows and rows costs: `npm run -s bench:flow-watch`. One JSON line.
//
// An office's days are shown to the detectors, and then as many flows of forged sources; `microsPerEvent` is the
// processor's time of the whole process meanwhile, garbage collection included. `fullBytes` is what the detectors hold
// after that, when all tables are full.
import {setImmediate as turn} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {settingsSchema} from '../src/config/settings.ts';
import {NetworkWatch} from '../src/detect/flows/network-watch.ts';
import {generatedFlow} from '../src/detect/surprise/flows/generated-flow.ts';
import {seededRandom} from '../src/detect/surprise/seeded-random.ts';
import {day} from '../src/event/clock.ts';
import type {Event, FlowEvent} from '../src/event/event.ts';
import {CostMeter} from './cost-meter.ts';
import {officeDays} from './network-day/office-day.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const batchSize = 500;
const forgedFlows = 1_000_000;
const start = Date.UTC(2026, 0, 5) * 1_000;

const {network} = settingsSchema.parse({});
let watch: NetworkWatch | undefined = new NetworkWatch(network);
const ordinary = measureOrdinary();
const forged = measureForged();
const stateBytes = {ordinary: ordinary.state, forged: stateLength()};
const full = await settledHeap();
watch = undefined;
const line = {bench: 'flow-watch', ...ordinary.costs, forged, stateBytes, fullBytes: full - (await settledHeap())};
process.stdout.write(`${JSON.stringify(line)}\n`);

function measureOrdinary() {
  const events = officeDays(7, start, 4);
  const warm = Math.floor(events.length / 4);
  measure(events.slice(0, warm));
  const flows = measure(events.slice(warm).filter(({kind}) => kind === 'flow'));
  const rows = measure(events.slice(warm).filter(({kind}) => kind === 'log'));
  return {costs: {flows, rows}, state: stateLength()};
}

function stateLength(): number {
  return JSON.stringify(watch?.save()).length;
}

function measure(all: readonly Event[]): {events: number; microsPerFlow: number; medianMicros: number} {
  const meter = new CostMeter();
  for (let at = 0; at < all.length; at += batchSize) meter.run(all.slice(at, at + batchSize) as FlowEvent[], judge);
  return {events: all.length, ...meter.result()};
}

function measureForged() {
  const random = seededRandom(5);
  const meter = new CostMeter();
  const time = start + 4 * day;
  for (let at = 0; at < forgedFlows; at += batchSize) {
    meter.run(
      Array.from({length: batchSize}, (_, number) => forgedFlow(random, at + number, time)),
      judge,
    );
  }
  return meter.result();
}

/** Half of them go on, to addresses outside that are always others. */
function forgedFlow(random: () => number, position: number, time: number): FlowEvent {
  const part = () => Math.floor(random() * 256);
  const destinationIp = `${130 + Math.floor(random() * 90)}.${part()}.${part()}.${part()}`;
  const parts = {time: time + position * 1_000, position, destinationIp, bytesOut: 900, bytesIn: 400};
  return generatedFlow({...parts, ended: position % 2 === 0});
}

function judge(batch: readonly Event[]): void {
  watch?.onEvents(batch);
}

/** In a turn of its own, when nothing on the stack holds what was let go. */
async function settledHeap(): Promise<number> {
  await turn();
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
