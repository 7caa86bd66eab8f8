import {isIP} from 'node:net';
import {z} from 'zod';
import type {FieldValue, Rule} from '../../event/event.ts';
import {alertLevels} from '../../event/level.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import {wireDatasets} from '../../event/wire-row.ts';
import {type LinkKind, linkKinds} from './backend.ts';
import {ByteReader, FrameError} from './bytes.ts';
import {arpProtocol} from './decode/decoded.ts';
import type {Evidence} from './evidence/request.ts';
import {type FlowRecord, flowStates} from './flow-record.ts';
import {readFields} from './frame-fields.ts';
import {readTree} from './inspect/tree-frame.ts';
import * as bound from './messages.ts';

const helloSchema = z.strictObject({
  version: z.literal(bound.protocolVersion),
  pid: z.int().nonnegative(),
  uid: z.int().nonnegative(),
  capabilitiesZero: z.boolean(),
  noNewPrivileges: z.boolean(),
  threads: z.int().nonnegative(),
  countsLosses: z.boolean(),
  interfaces: z
    .array(z.strictObject({name: z.string().max(64), mtu: z.int().nonnegative(), aggregates: z.boolean()}))
    .max(256),
});

const largestMac = 2 ** 48 - 1;

/** How words look. */
const forms = {
  history: /^[\^A-Za-z]{0,32}$/,
  service: /^[\w-]{0,32}$/,
  counter: /^[\w .-]{1,64}$/,
  rule: /^network(\.[a-z0-9-]+){1,4}$/,
  technique: /^T\d{4}(\.\d{3})?$/,
  id: /^[0-9a-f-]{1,64}$/,
  problem: /^[\w.]{0,64}$/,
} as const;

const statusSchema = z.strictObject({
  state: z.enum(['running', 'waiting', 'failed', 'ended']),
  detail: z.string().max(4096).transform(sanitizeLine),
  problem: z.string().max(4096).transform(sanitizeLine).optional(),
  mend: z.string().max(4096).transform(sanitizeLine).optional(),
  code: z.enum(Object.keys(bound.failures) as [bound.FailureCode, ...bound.FailureCode[]]).optional(),
});

/**
 * The message in a frame (type byte and payload). Throws FrameError for anything that the protocol does not allow: text
 * is sanitised, numbers are in range, lists are bounded.
 */
export function readMessage(frame: Uint8Array): bound.Message {
  const from = new ByteReader(frame);
  const message = readPayload(from);
  from.end();
  return message;
}

function readPayload(from: ByteReader): bound.Message {
  const type = from.u8();
  switch (type) {
    case bound.frameTypes.hello:
      return {type: 'hello', hello: parse(helloSchema, from)};
    case bound.frameTypes.status:
      return {type: 'status', status: parse(statusSchema, from)};
    case bound.frameTypes.counters:
      return {type: 'counters', counters: readCounters(from)};
    case bound.frameTypes.flows:
      return {type: 'flows', flows: readList(from, bound.flowsInFrame, readFlow)};
    case bound.frameTypes.begun:
      return {type: 'begun', flows: readList(from, bound.begunInFrame, readBegun)};
    case bound.frameTypes.alerts:
      return {type: 'alerts', alerts: readList(from, bound.alertsInFrame, readAlert)};
    case bound.frameTypes.packets:
      return {type: 'packets', packets: readList(from, bound.packetsInFrame, readPacket)};
    case bound.frameTypes.evidence:
      return {type: 'evidence', evidence: readEvidence(from)};
    case bound.frameTypes.rows:
      return {type: 'rows', rows: readList(from, bound.rowsInFrame, readRow)};
    case bound.frameTypes.tallies:
      return {type: 'tallies', tallies: readList(from, bound.talliesInFrame, readTally)};
    case bound.frameTypes.tree:
      return {type: 'tree', question: from.u32(), layers: readTree(from)};
    case bound.frameTypes.matches:
      return {
        type: 'matches',
        question: from.u32(),
        accepted: readList(from, bound.packetsInFrame, entry => entry.u8() !== 0),
      };
    case bound.frameTypes.unanswered:
      return {type: 'unanswered', question: from.u32(), why: from.line(2048)};
    default:
      throw new FrameError(`Expected a frame type from 1 to 13, got ${type}.`);
  }
}

function parse<T>(schema: z.ZodType<T>, from: ByteReader): T {
  const text = from.text(60_000);
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new FrameError(
      `Expected a status of the sensor's, got ${sanitizeLine(text.slice(0, 80))}: ${String(error).slice(0, 200)}`,
    );
  }
}

function readList<T>(from: ByteReader, limit: number, read: (from: ByteReader) => T): T[] {
  const length = from.u16();
  if (length > limit) throw new FrameError(`Expected at most ${limit} entries in a frame, got ${length}.`);
  const list: T[] = [];
  for (let i = 0; i < length; i++) list.push(read(from));
  return list;
}

function readCounters(from: ByteReader): bound.CaptureCounters {
  return {
    time: from.count(),
    seen: from.count(),
    decoded: from.count(),
    bytes: from.count(),
    flows: from.count(),
    flowsEvicted: from.count(),
    aggregatedByOffload: from.count(),
    turns: from.count(),
    dropped: readCounts(from),
    malformed: readCounts(from),
    withheld: readCounts(from),
  };
}

function readCounts(from: ByteReader): Readonly<Record<string, number>> {
  return Object.fromEntries(readList(from, 64, entry => [entry.word(256, forms.counter), entry.count()]));
}

function readFlow(from: ByteReader): FlowRecord {
  const [number, time, last] = [from.count(), from.count(), from.count()];
  const ended = from.u8() !== 0;
  const family = readFamily(from);
  const protocol = inRange(from.u16(), arpProtocol);
  return {
    number,
    time,
    last,
    ended,
    family,
    protocol,
    words: readWords(from, family),
    sourcePort: from.u16(),
    destinationPort: from.u16(),
    sourceMac: inRange(from.count(), largestMac),
    destinationMac: inRange(from.count(), largestMac),
    interfaceIndex: from.u8(),
    vlan: inRange(from.u16(), 4095),
    packetsOut: from.count(),
    bytesOut: from.count(),
    packetsIn: from.count(),
    bytesIn: from.count(),
    state: flowStates[from.u8()] ?? 'OTH',
    history: from.word(64, forms.history),
    icmpType: signed(from.u16()),
    icmpCode: signed(from.u16()),
    service: from.word(64, forms.service),
    fields: readFields(from),
  };
}

function readBegun(from: ByteReader): bound.BegunFlow {
  return {number: from.count(), ...readEnds(from)};
}

function readEnds(from: ByteReader): bound.FlowEnds {
  const family = readFamily(from);
  const protocol = inRange(from.u16(), arpProtocol);
  const words = readWords(from, family);
  return {family, protocol, words, sourcePort: from.u16(), destinationPort: from.u16()};
}

function readFamily(from: ByteReader): 4 | 6 {
  const family = from.u8();
  if (family !== 4 && family !== 6) throw new FrameError(`Expected IP version 4 or 6, got ${family}.`);
  return family;
}

function readWords(from: ByteReader, family: 4 | 6): number[] {
  const i32 = () => from.u32() | 0;
  if (family === 4) return [0, 0, 0, i32(), 0, 0, 0, i32()];
  return [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()];
}

function readAlert(from: ByteReader): bound.SensorAlert {
  return {
    rule: readRule(from),
    time: from.count(),
    entity: from.line(1024),
    ...causeOf(from.line(1024)),
    reason: from.line(2048),
    ...readRest(from),
  };
}

function causeOf(cause: string): {cause?: string} {
  return cause === '' ? {} : {cause};
}

function readRule(from: ByteReader): Rule {
  return {
    id: from.word(64, forms.rule),
    name: from.line(512),
    level: alertLevels[from.u8()] ?? 'low',
    category: 'Network Packet Anomaly',
    techniques: readList(from, 8, entry => entry.word(16, forms.technique)),
  };
}

function readRest(from: ByteReader): {count: number; fields: Readonly<Record<string, FieldValue>>} {
  const count = Math.max(1, from.count());
  return {
    count,
    fields: readFields(from),
  };
}

/** The file's content is not looked at: it goes to disk as it is. */
function readEvidence(from: ByteReader): Evidence {
  const id = from.word(64, forms.id);
  const [packets, matched] = [from.count(), from.count()];
  return {id, packets, matched, file: from.raw(inRange(from.u32(), bound.largestEvidence))};
}

function readRow(from: ByteReader): bound.SensorRow {
  const [number, time] = [from.count(), from.count()];
  const dataset = wireDatasets[from.u8()];
  if (dataset === undefined) throw new FrameError('Expected a dataset that the sensor writes rows of.');
  return {number, time, dataset, ends: readEnds(from), message: from.line(2048), fields: readFields(from)};
}

function readPacket(from: ByteReader): bound.DisplayPacket {
  return {
    time: from.count(),
    source: address(from),
    sourcePort: from.u16(),
    destination: address(from),
    destinationPort: from.u16(),
    protocol: from.line(64),
    length: from.u32(),
    information: from.line(1024),
    interfaceIndex: from.u8(),
    problem: from.word(64, forms.problem),
    link: linkKind(from.u8()),
    etherType: from.u16(),
    vlan: vlanTag(from.u16()),
    outgoing: from.u8() !== 0,
    bytes: from.raw(inRange(from.u16(), bound.displayedBytes)),
  };
}

function linkKind(number: number): LinkKind {
  const link = linkKinds[number];
  if (link === undefined) throw new FrameError(`Expected a link type below ${linkKinds.length}, got ${number}.`);
  return link;
}

/** -1 for none. */
function vlanTag(value: number): number {
  return value === 0xffff ? -1 : inRange(value, 4095);
}

function readTally(from: ByteReader): bound.ProtocolTally {
  return {hour: from.count(), dimension: 'protocol', value: from.line(64), count: from.count()};
}

function address(from: ByteReader): string {
  const text = from.text(64);
  if (text === '' || isIP(text) !== 0 || /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) return text;
  throw new FrameError(`Expected an address, got ${sanitizeLine(text)}.`);
}

function signed(value: number): number {
  return inRange(value === 0xffff ? -1 : value, 255);
}

function inRange(value: number, largest: number): number {
  if (value > largest) throw new FrameError(`Expected at most ${largest}, got ${value}.`);
  return value;
}
