import {closeSync, openSync} from 'node:fs';
import {basename, resolve} from 'node:path';
import type {Settings} from '../../config/settings.ts';
import type {Alert, Origin} from '../../event/event.ts';
import {CounterSum, type PacketTotals} from '../packets/counter-sum.ts';
import {flowEvent} from '../packets/flow-event.ts';
import {launchSensor} from '../packets/launch-sensor.ts';
import type {Message, ProtocolTally, SensorAlert, Status} from '../packets/messages.ts';
import {alertOf, type PacketRow, packetRow} from '../packets/packet-callbacks.ts';
import {rowEvent, rowOrigins} from '../packets/row-event.ts';
import type {SensorProcess} from '../packets/sensor-process.ts';
import {type SourceBatch, SourceError} from '../source.ts';
import {fingerprint} from './fingerprint.ts';

export interface ReadCaptureOptions {
  readonly settings: Pick<Settings, 'capture' | 'network'>;
  readonly agent: string;
  readonly host: string;
  readonly clock: () => number;
  /** 1 is as fast as it was captured, pauses cut to a second; absent or 0: as fast as possible. */
  readonly speed?: number;
  /** Someone watches: packets for the pane are wanted, and flows also while they go on, not only when they end. */
  readonly watched?: boolean;
  /** Which packets are wanted, in tcpdump's language; absent or blank: all. */
  readonly filter?: string;
  readonly signal?: AbortSignal;
  log?(line: string): void;
}

/** A part of what a capture file gives; what is absent did not come. */
export interface CapturePart {
  readonly batch?: SourceBatch;
  readonly alerts?: readonly Alert[];
  readonly packets?: readonly PacketRow[];
  readonly counters?: PacketTotals;
  readonly tallies?: readonly ProtocolTally[];
  /** Comes last: how much there was, and the problem if there is one. */
  readonly summary?: string;
  /** With the summary: what is wrong with the file, and what was left out. */
  readonly problem?: string;
}

/**
 * Reads a pcap or pcapng file (gzip too) through the same decoding, flows and detectors as live packets, in packet time
 * and in an unprivileged child process. While the caller works on a part, the child waits. Flow positions count within
 * an epoch that is the file's content, so a second reading gives the same events. Throws SourceError.
 */
export async function* readCapture(path: string, options: ReadCaptureOptions): AsyncGenerator<CapturePart> {
  const fd = open(path);
  const {agent, host} = options;
  const origin: Origin = {agent, host, source: captureId(path), epoch: fingerprint(fd), dataset: 'flow'};
  const sensor = launch(fd, options);
  const rows = rowOrigins(origin);
  const stop = () => sensor.kill();
  options.signal?.addEventListener('abort', stop);
  const counters = new CounterSum();
  let ended: Status | undefined;
  try {
    for await (const message of sensor.messages()) {
      if (message.type === 'status') ended = message.status;
      const part = partOf(message, {origin, rows, name: basename(path), counters}, options);
      if (part) yield part;
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
  if (options.signal?.aborted) return;
  if (ended?.state !== 'ended') throw await unread(path, sensor, ended);
  const {detail, problem} = ended;
  yield problem === undefined ? {summary: detail} : {summary: `${detail}; ${problem}`, problem};
}

/** How a file is called as a source. */
export function captureId(path: string): string {
  return `file:${resolve(path)}`;
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SourceError(`Expected to read the capture file ${path}, got ${code}.`, `ls -l ${path}`);
  }
}

function launch(fd: number, options: ReadCaptureOptions): SensorProcess {
  const {settings, speed = 0, watched = false, filter = ''} = options;
  const {max_flows: maxFlows, user} = settings.capture;
  try {
    const log = (line: string) => options.log?.(line);
    return launchSensor({mode: 'file', maxFlows, user, speed, filter, watched, network: settings.network}, log, fd);
  } finally {
    // The child has its own.
    closeSync(fd);
  }
}

interface PartContext {
  readonly origin: Origin;
  readonly rows: ReturnType<typeof rowOrigins>;
  readonly name: string;
  readonly counters: CounterSum;
}

function partOf(
  message: Message,
  {origin, rows, name, counters}: PartContext,
  options: ReadCaptureOptions,
): CapturePart | undefined {
  switch (message.type) {
    case 'flows':
      return {batch: {events: message.flows.map(flow => flowEvent(flow, origin, name, options.clock()))}};
    case 'rows':
      return {batch: {events: message.rows.map(row => rowEvent(row, rows(row.dataset), options.clock()))}};
    case 'alerts':
      return {alerts: message.alerts.map(alert => alertOf(named(alert, name), options.host))};
    case 'packets':
      return {packets: message.packets.map(packet => packetRow(packet, name))};
    case 'counters':
      return {counters: counters.add(message.counters)};
    case 'tallies':
      return {tallies: message.tallies};
    case 'hello':
    case 'status':
    case 'evidence':
    case 'tree':
    case 'matches':
    case 'unanswered':
    case 'begun':
      return undefined;
    default:
      return message satisfies never;
  }
}

/** The process that reads a file knows no name of it. */
function named(alert: SensorAlert, name: string): SensorAlert {
  const field = 'observer.ingress.interface.name';
  return alert.fields?.[field] === undefined ? alert : {...alert, fields: {...alert.fields, [field]: name}};
}

async function unread(path: string, sensor: SensorProcess, status: Status | undefined): Promise<SourceError> {
  const {status: code, killedBy} = await sensor.exited;
  const detail = status?.detail ?? `The capture process ended (${killedBy ?? code}) before the file was read.`;
  return new SourceError(`${path}: ${detail}`, status?.mend);
}
