import {day, hour, second} from '../../../event/clock.ts';
import type {FlowEvent, FlowState, Micros} from '../../../event/event.ts';
import {durationOf, type Rhythm} from './flow-letters.ts';

/** What the autoencoder sees of a flow, in the words an explanation uses. */
export const featureNames = [
  'bytes sent',
  'bytes received',
  'packets sent',
  'packets received',
  'duration',
  'direction of the bytes',
  'size of sent packets',
  'size of received packets',
  'web port',
  'name-service port',
  'system port',
  'registered port',
  'high port',
  'answered',
  'unanswered',
  'refused or reset',
  'seen in part',
  'TCP',
  'UDP',
  'hour of the day',
  'hour of the day',
  'regularity',
  'recent flows of the source (10 s)',
  'recent flows of the source (100 s)',
  'recent bytes of the source (100 s)',
] as const;

export const featureCount = featureNames.length;

/** Damped sums over a source's flows: Kitsune's λ = 0.1 and 0.01 (Mirsky et al., NDSS'18), halved each 1/λ seconds. */
export interface Damped {
  last: Micros;
  fast: number;
  slow: number;
  bytes: number;
}

export function newDamped(): Damped {
  return {last: 0, fast: 0, slow: 0, bytes: 0};
}

const fastHalf: Micros = 10 * second;
const slowHalf: Micros = 100 * second;
const stateColumn: Readonly<Record<FlowState, number>> = {
  SF: 13,
  S1: 13,
  S0: 14,
  SH: 14,
  REJ: 15,
  RSTO: 15,
  RSTR: 15,
  SHR: 16,
  OTH: 16,
};
const rhythmValue = [0, 1, 0.6, 0] as const;
const webPorts = new Set([80, 443, 8080, 8443, 8000]);
const namePorts = new Set([53, 853, 137, 1900, 5353, 5355]);

/** Adds a flow to its source's damped sums; one that comes late is added as if it came now. */
export function addDamped(sums: Damped, flow: FlowEvent): void {
  const passed = Math.max(0, flow.last - sums.last);
  const slow = 2 ** (-passed / slowHalf);
  sums.fast = sums.fast * 2 ** (-passed / fastHalf) + 1;
  sums.slow = sums.slow * slow + 1;
  sums.bytes = sums.bytes * slow + sound(flow.bytesOut);
  sums.last = Math.max(sums.last, flow.last);
}

/** Writes the flow's features into `row`. */
export function writeFeatures(row: Float64Array, flow: FlowEvent, rhythm: Rhythm, sums: Damped): void {
  const out = sound(flow.bytesOut);
  const back = sound(flow.bytesIn);
  const packetsOut = sound(flow.packetsOut);
  const packetsIn = sound(flow.packetsIn);
  row.fill(0);
  row[0] = Math.log1p(out);
  row[1] = Math.log1p(back);
  row[2] = Math.log1p(packetsOut);
  row[3] = Math.log1p(packetsIn);
  row[4] = Math.log1p(durationOf(flow) / 1_000);
  row[5] = (out - back) / Math.max(1, out + back);
  row[6] = Math.log1p(out / Math.max(1, packetsOut));
  row[7] = Math.log1p(back / Math.max(1, packetsIn));
  row[portColumn(flow.destinationPort)] = 1;
  row[stateColumn[flow.state]] = 1;
  if (flow.transport === 'tcp') row[17] = 1;
  if (flow.transport === 'udp') row[18] = 1;
  const angle = ((flow.last % day) / (24 * hour)) * 2 * Math.PI;
  row[19] = Math.sin(angle);
  row[20] = Math.cos(angle);
  row[21] = rhythmValue[rhythm];
  row[22] = Math.log1p(sums.fast);
  row[23] = Math.log1p(sums.slow);
  row[24] = Math.log1p(sums.bytes);
}

function portColumn(port: number): number {
  if (webPorts.has(port)) return 8;
  if (namePorts.has(port)) return 9;
  if (port < 1_024) return 10;
  return port < 32_768 ? 11 : 12;
}

function sound(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0;
}
