import {join} from 'node:path';
import {z} from 'zod';
import {minute} from '../../../event/clock.ts';
import type {LogEvent, Micros} from '../../../event/event.ts';
import type {Emit, Source, SourceContext} from '../../source.ts';
import {type Pause, pause as realPause} from '../pause.ts';
import {readText} from '../read-text.ts';
import {accountName, readAccounts} from './accounts.ts';
import {type Listener, readListeners} from './proc-net.ts';
import {findOwners, type SocketOwner} from './socket-owner.ts';
import {ephemeralField, WatchActions} from './watch-event.ts';
import {WatchReporter} from './watch-reporter.ts';

export interface PortWatchOptions {
  /** Seconds between looks. */
  readonly seconds: number;
  /** Folder that holds `proc` and `etc`. */
  readonly root?: string;
  readonly pause?: Pause;
  /** This program's own process, whose listeners are no news. */
  readonly ownPid?: number;
}

/**
 * Reports ports that begin and cease to listen, from /proc alone. The listeners seen last are kept in the position: one
 * opened while the program was down is found at the next start. The first run takes what is there as it is.
 */
export class PortWatch implements Source {
  readonly id = 'watch:ports';
  readonly #options: PortWatchOptions;

  constructor(options: PortWatchOptions) {
    this.#options = options;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const {seconds, pause = realPause} = this.#options;
    const run = new Run(this.#options, context);
    while (!signal.aborted) {
      const batch = await run.look();
      if (batch === undefined) {
        context.news({state: 'failed', detail: 'no /proc/net/tcp to read: listening ports are watched on Linux only'});
        return;
      }
      if (batch.events.length > 0 || run.looks === 1) await emit(batch);
      if (run.looks === 1)
        context.news({state: 'running', detail: `${run.size} listening, looked at each ${seconds} s`});
      await pause(seconds * 1000, signal);
    }
  }
}

const savedListener = z.object({
  transport: z.enum(['tcp', 'udp']),
  address: z.string(),
  port: z.number(),
  program: z.string(),
});
const savedPosition = z.object({epoch: z.string(), sequence: z.number(), listeners: z.array(savedListener)});

type Known = z.infer<typeof savedListener>;

interface Batch {
  readonly events: readonly LogEvent[];
  readonly position: z.infer<typeof savedPosition>;
}

class Run {
  looks = 0;
  readonly #proc: string;
  readonly #root: string;
  readonly #ownPid: number;
  readonly #clock: () => Micros;
  readonly #reporter: WatchReporter;
  readonly #hasBaseline: boolean;
  #known: Map<string, Known>;
  /** When a datagram socket on a port given out by the kernel was first seen. */
  #fleeting = new Map<string, Micros>();

  constructor({root = '/', ownPid = process.pid}: PortWatchOptions, context: SourceContext) {
    const saved = savedPosition.safeParse(context.position).data;
    this.#root = root;
    this.#proc = join(root, 'proc');
    this.#ownPid = ownPid;
    this.#clock = context.clock;
    this.#reporter = new WatchReporter('watch:ports', context, saved);
    this.#hasBaseline = saved !== undefined;
    this.#known = new Map(saved?.listeners.map(listener => [keyOf(listener), listener]));
  }

  get size(): number {
    return this.#known.size;
  }

  async look(): Promise<Batch | undefined> {
    const now = this.#listeners();
    if (now === undefined) return undefined;
    const opened = [...now].filter(([key]) => !this.#known.has(key));
    const owners = await findOwners(this.#proc, new Set(opened.map(([, {inode}]) => inode)));
    const closed = [...this.#known].filter(([key]) => !now.has(key));
    const quiet = this.looks++ === 0 && !this.#hasBaseline;
    for (const [key, {transport, address, port, inode}] of opened) {
      this.#known.set(key, {transport, address, port, program: owners.get(inode)?.name ?? ''});
    }
    for (const [key] of closed) this.#known.delete(key);
    const events = quiet ? [] : this.#report(opened, closed, owners);
    const {epoch, sequence} = this.#reporter;
    return {events, position: {epoch, sequence, listeners: [...this.#known.values()]}};
  }

  #report(
    opened: readonly (readonly [string, Listener])[],
    closed: readonly (readonly [string, Known])[],
    owners: ReadonlyMap<string, SocketOwner>,
  ): LogEvent[] {
    const foreign = opened.filter(([, {inode}]) => owners.get(inode)?.pid !== this.#ownPid);
    return [
      ...closed.map(([, listener]) => this.#closedEvent(listener)),
      ...foreign.map(([, listener]) => this.#openedEvent(listener, owners.get(listener.inode))),
    ];
  }

  #openedEvent(listener: Listener, owner: SocketOwner | undefined): LogEvent {
    const user = accountName(readAccounts(this.#root), listener.uid);
    const who = owner ? `${owner.name} (process ${owner.pid})` : 'an unknown program';
    return this.#reporter.toEvent({
      message: `Port ${nameOf(listener)} opened by ${who} of ${user}`,
      user,
      ...(owner && {pid: owner.pid}),
      fields: {
        ...fieldsOf(listener, WatchActions.portOpened),
        [ephemeralField]: isEphemeral(listener.port, ephemeralRange(this.#proc)),
        ...(owner && {'process.name': owner.name}),
        ...(owner?.executable && {'process.executable': owner.executable}),
      },
    });
  }

  #closedEvent(listener: Known): LogEvent {
    const program = listener.program === '' ? undefined : {'process.name': listener.program};
    return this.#reporter.toEvent({
      message: `Port ${nameOf(listener)} closed`,
      fields: {...fieldsOf(listener, WatchActions.portClosed), ...program},
    });
  }

  #listeners(): Map<string, Listener> | undefined {
    const tcp = readText(join(this.#proc, 'net', 'tcp'));
    if (tcp === undefined) return undefined;
    const table = (name: string) => readText(join(this.#proc, 'net', name)) ?? '';
    const all = [
      ...readListeners(tcp, 'tcp'),
      ...readListeners(table('tcp6'), 'tcp'),
      ...this.#lasting([...readListeners(table('udp'), 'udp'), ...readListeners(table('udp6'), 'udp')]),
    ];
    return new Map(all.slice(0, mostListeners).map(listener => [keyOf(listener), listener]));
  }

  // Whoever asks a name server holds such a socket for a moment: only one that stays is a service.
  #lasting(datagram: readonly Listener[]): readonly Listener[] {
    const range = ephemeralRange(this.#proc);
    const before = this.#fleeting;
    this.#fleeting = new Map();
    return datagram.filter(listener => {
      const key = keyOf(listener);
      if (!isEphemeral(listener.port, range) || this.#known.has(key)) return true;
      const since = before.get(key) ?? this.#clock();
      this.#fleeting.set(key, since);
      return this.#clock() - since >= minute;
    });
  }
}

const mostListeners = 4_096;

function keyOf({transport, address, port}: Omit<Known, 'program'>): string {
  return `${transport} ${address} ${port}`;
}

function nameOf({transport, address, port}: Omit<Known, 'program'>): string {
  return `${port}/${transport} on ${address}`;
}

function fieldsOf({transport, address, port}: Omit<Known, 'program'>, action: string): Record<string, string | number> {
  return {'event.action': action, 'server.ip': address, 'server.port': port, 'network.transport': transport};
}

function ephemeralRange(proc: string): readonly [low: number, high: number] {
  const text = readText(join(proc, 'sys', 'net', 'ipv4', 'ip_local_port_range')) ?? '';
  const [low = 32_768, high = 60_999] = text.trim().split(/\s+/).filter(Boolean).map(Number);
  return [low, high];
}

function isEphemeral(port: number, [low, high]: readonly [low: number, high: number]): boolean {
  return port >= low && port <= high;
}
