import {type FlowRecord, keptFlow} from './flow-record.ts';

interface Sum {
  first: FlowRecord;
  time: number;
  last: number;
  words: number[];
  sourcePort: number;
  destinationPort: number;
  packetsOut: number;
  bytesOut: number;
  packetsIn: number;
  bytesIn: number;
  flows: number;
}

/**
 * Where ended flows go while the engine cannot take them: those with the same destination become one record whose
 * packets and bytes add up, so that a flood costs detail and never traffic. What differs among them is blank (port 0,
 * address 0.0.0.0 or ::). Beyond `limit` destinations, the rest of a protocol is folded into one.
 */
export class FlowFold {
  readonly #sums = new Map<string, Sum>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#sums.size;
  }

  add(flow: FlowRecord): void {
    const kind = `${flow.protocol} ${flow.interfaceIndex} ${flow.family}`;
    const own = `${kind} ${flow.words.slice(4).join(' ')}`;
    const key = this.#sums.has(own) || this.#sums.size < this.#limit ? own : kind;
    const sum = this.#sums.get(key);
    if (sum) join(sum, flow);
    else this.#sums.set(key, {...start(flow), flows: 1});
  }

  /** The folded flows, forgotten here. */
  take(): FlowRecord[] {
    const folded = [...this.#sums.values()].map(sum => record(sum));
    this.#sums.clear();
    return folded;
  }
}

function start(flow: FlowRecord): Omit<Sum, 'flows'> {
  const first = keptFlow(flow);
  const {time, last, sourcePort, destinationPort, packetsOut, bytesOut, packetsIn, bytesIn} = first;
  const words = [...first.words];
  return {first, time, last, words, sourcePort, destinationPort, packetsOut, bytesOut, packetsIn, bytesIn};
}

function join(sum: Sum, flow: FlowRecord): void {
  sum.flows++;
  sum.time = Math.min(sum.time, flow.time);
  sum.last = Math.max(sum.last, flow.last);
  if (sum.sourcePort !== flow.sourcePort) sum.sourcePort = 0;
  if (sum.destinationPort !== flow.destinationPort) sum.destinationPort = 0;
  for (const side of [0, 4]) {
    const differs = [0, 1, 2, 3].some(word => sum.words[side + word] !== flow.words[side + word]);
    if (differs) sum.words.fill(0, side, side + 4);
  }
  sum.packetsOut += flow.packetsOut;
  sum.bytesOut += flow.bytesOut;
  sum.packetsIn += flow.packetsIn;
  sum.bytesIn += flow.bytesIn;
}

function record(sum: Sum): FlowRecord {
  const {first, flows: _flows, ...rest} = sum;
  return {...first, ...rest, ended: true};
}
