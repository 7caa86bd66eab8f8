import {createSocket, type RemoteInfo, type Socket} from 'node:dgram';
import {isIPv6} from 'node:net';
import {z} from 'zod';
import {errorCode} from '../../event/error-code.ts';
import type {LogEvent, Micros, Origin} from '../../event/event.ts';
import type {Emit, Source, SourceBatch, SourceContext} from '../source.ts';
import {SourceError} from '../source.ts';
import {toLogEvent} from './parse/entry.ts';
import {LineParser} from './parse/line-parser.ts';
import {pause} from './tail/changes.ts';
import {kernelDrops} from './udp-drops.ts';

export interface SyslogUdpOptions {
  readonly address: string;
  readonly port: number;
  readonly maxLine: number;
  /** ms between batches; the position, which says until when was listened, goes with them. */
  readonly flush?: number;
}

const positionSchema = z.object({version: z.literal(1), seen: z.number()});

const receiveBuffer = 8 * 2 ** 20;
const flushEvery = 50;
/** Datagrams held between two batches. */
const mostHeld = 5000;
/** ms between positions when nothing comes, and between looks at the kernel's drops. */
const heartbeat = 5000;
const dropsEvery = 1000;

/**
 * Listens for syslog datagrams (RFC 3164 and 5424, RFC 5426). They cannot be read again: what does not fit the queue
 * is dropped and counted, and the time in which nobody listened is a gap.
 */
export function syslogUdp(options: SyslogUdpOptions): Source {
  const id = `syslog:udp:${options.address}:${options.port}`;
  return {id, start: (emit, signal, context) => new SyslogRun(id, options, emit, context).run(signal)};
}

class SyslogRun {
  readonly #options: SyslogUdpOptions;
  readonly #emit: Emit;
  readonly #context: SourceContext;
  readonly #parser: LineParser;
  readonly #origin: Origin;
  #held: LogEvent[] = [];
  #dropped: Record<string, number> = {};
  #count = 0;
  #kernelDrops = 0;
  #failure: unknown;

  constructor(id: string, options: SyslogUdpOptions, emit: Emit, context: SourceContext) {
    this.#options = options;
    this.#emit = emit;
    this.#context = context;
    this.#parser = new LineParser({provider: 'syslog', host: context.host});
    const {agent, host, clock} = context;
    this.#origin = {agent, host, source: id, epoch: clock().toString(36), dataset: 'syslog'};
  }

  async run(signal: AbortSignal): Promise<void> {
    const {address, port} = this.#options;
    const socket = await this.#bind();
    socket.on('message', (datagram, sender) => this.#receive(datagram, sender));
    socket.on('error', error => {
      this.#failure = error;
    });
    try {
      const bound = socket.address().port;
      this.#context.news({state: 'running', detail: `listening on ${address}:${bound || port}`});
      await this.#sendGap();
      await this.#flushUntil(signal, bound);
    } finally {
      await new Promise<void>(resolve => socket.close(() => resolve()));
    }
  }

  async #flushUntil(signal: AbortSignal, port: number): Promise<void> {
    const wait = this.#options.flush ?? flushEvery;
    let sinceBeat = 0;
    let sinceDrops = 0;
    while (!signal.aborted) {
      await pause(wait, signal);
      if (this.#failure !== undefined) throw this.#failure;
      sinceBeat += wait;
      sinceDrops += wait;
      if (sinceDrops >= dropsEvery || signal.aborted) {
        await this.#countKernelDrops(port);
        sinceDrops = 0;
      }
      if (this.#flush(sinceBeat >= heartbeat)) sinceBeat = 0;
    }
  }

  /** Hands over what is held, where there is room; otherwise it waits here, bounded, and the rest is dropped. */
  #flush(beat: boolean): boolean {
    const idle = this.#held.length === 0 && Object.keys(this.#dropped).length === 0;
    if ((idle && !beat) || !this.#emit.room()) return false;
    const batch = {events: this.#held, dropped: this.#dropped, position: this.#position()};
    this.#held = [];
    this.#dropped = {};
    // Not awaited: datagrams go on coming. It rejects only when the pipeline ends, and then this source is ended too.
    this.#emit(batch).catch(() => {});
    return true;
  }

  #receive(datagram: Buffer, sender: RemoteInfo): void {
    if (this.#held.length >= mostHeld || !this.#emit.room()) {
      this.#drop('queue-full', 1);
      return;
    }
    const cut = datagram.length > this.#options.maxLine;
    const text = datagram.toString('utf8', 0, this.#options.maxLine).replace(/[\n\0]+$/, '');
    if (text === '') {
      this.#drop('empty', 1);
      return;
    }
    const now = this.#context.clock();
    const entry = this.#parser.parse(text, now);
    entry.fields = {
      ...entry.fields,
      'log.source.address': sender.address,
      ...(cut ? {'log.flags': 'cut'} : undefined),
    };
    const place = {origin: this.#origin, position: this.#count++, time: now, ingested: now};
    this.#held.push(toLogEvent(entry, place));
  }

  async #countKernelDrops(port: number): Promise<void> {
    const drops = (await kernelDrops(port)) ?? 0;
    if (drops > this.#kernelDrops) this.#drop('kernel', drops - this.#kernelDrops);
    this.#kernelDrops = drops;
  }

  #drop(reason: string, count: number): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  async #sendGap(): Promise<void> {
    const from = positionSchema.safeParse(this.#context.position).data?.seen;
    const to = this.#context.clock();
    const gap = from === undefined || from >= to ? undefined : {from, to, reason: 'not listening'};
    await this.#emit({events: [], position: this.#position(), ...(gap ? {gap} : undefined)});
  }

  #position(): NonNullable<SourceBatch['position']> {
    const seen: Micros = this.#context.clock();
    return {version: 1, seen};
  }

  async #bind(): Promise<Socket> {
    const {address, port} = this.#options;
    const socket = createSocket({type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: receiveBuffer});
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, address, () => {
          socket.off('error', reject);
          resolve();
        });
      });
      return socket;
    } catch (error) {
      throw explained(error, address, port);
    }
  }
}

function explained(error: unknown, address: string, port: number): unknown {
  const where = `syslog listener on ${address}:${port}`;
  switch (errorCode(error)) {
    case 'EADDRINUSE':
      return new SourceError(`${where}: another program listens there`, `sudo ss -ulpn sport = :${port}`);
    case 'EACCES':
      return new SourceError(`${where}: ports below 1024 need root`, 'syslog_port = 5514 in [sources]');
    case 'EADDRNOTAVAIL':
      return new SourceError(`${where}: this machine has no such address`, 'syslog_address = 127.0.0.1 in [sources]');
    default:
      return error;
  }
}
