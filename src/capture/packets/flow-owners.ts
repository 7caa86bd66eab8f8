import {networkInterfaces} from 'node:os';
import {join} from 'node:path';
import {errorText} from '../../event/error-code.ts';
import type {FieldValue, FlowEvent} from '../../event/event.ts';
import {readText} from '../system/read-text.ts';
import {type Account, accountName, readAccounts} from '../system/watch/accounts.ts';
import {readSockets, type SocketRow} from '../system/watch/proc-net.ts';
import {findOwners, type SocketOwner} from '../system/watch/socket-owner.ts';
import {addressText} from './decode/address.ts';
import {transportName} from './decode/names.ts';
import type {BegunFlow} from './messages.ts';

/** The fields of a flow that tell who has it. */
export type OwnerFields = Readonly<Record<string, FieldValue>>;

export interface FlowOwnersOptions {
  /** Folder that holds `proc` and `etc`. */
  readonly root?: string;
  /** Addresses of this machine, asked for each look. */
  readonly own?: () => readonly string[];
  /** Milliseconds, rising. */
  readonly now?: () => number;
  /** Told why a look failed. */
  readonly log?: (line: string) => void;
}

/** Looking takes a twentieth of a core at most, over this many milliseconds: so much may be spent at once. */
const share = 20;
const span = 1_000;
const mostFlows = 65_536;
/** Of one table. */
const mostSockets = 16_384;
/** Read as one. Connections over IPv4 are in the second table too where a socket is of both versions. */
const tables = {tcp: ['tcp'], tcp6: ['tcp6'], udp: ['udp', 'udp6']} as const;
type Table = keyof typeof tables;
/** States in which a socket has no inode yet: it is being accepted. */
const unaccepted: ReadonlySet<string> = new Set(['01', '03']);
/** Processes that had a connection lately, which are looked at first. */
const mostRecent = 32;

type Ends = Pick<FlowEvent, 'transport' | 'sourceIp' | 'sourcePort' | 'destinationIp' | 'destinationPort'>;

/**
 * Which process of this machine has a flow, from /proc alone, without starting anything: the sockets' table gives the
 * inode, the open files of processes give whose it is. The sensor tells at once which flows have begun, and the look follows
 * within milliseconds; a connection that is over before it stays unknown. Found once, it is remembered for the flow's life.
 */
export class FlowOwners {
  readonly #root: string;
  readonly #own: () => readonly string[];
  readonly #now: () => number;
  readonly #log: (line: string) => void;
  /** By flow; undefined where nobody can be found any more. */
  readonly #known = new Map<number, OwnerFields | undefined>();
  readonly #wanted = new Map<number, Ends>();
  readonly #sockets: Record<Table, ReadonlyMap<string, SocketRow>> = {tcp: new Map(), tcp6: new Map(), udp: new Map()};
  #owners = new Map<string, SocketOwner>();
  #accounts: readonly Account[] | undefined;
  /** Processes found lately, the newest last. */
  #recent: readonly number[] = [];
  /** Until when the time spent so far is paid for. */
  #paid = 0;
  #looking: Promise<void> | undefined;

  constructor({
    root = '/',
    own = ownAddresses,
    now = () => performance.now(),
    log = () => undefined,
  }: FlowOwnersOptions = {}) {
    this.#root = root;
    this.#own = own;
    this.#now = now;
    this.#log = log;
  }

  /** What is known of a flow's owner; looks for it meanwhile, so that the flow's next report may tell. */
  of(flow: Ends & Pick<FlowEvent, 'position' | 'ended'>): OwnerFields | undefined {
    const known = this.#known.get(flow.position);
    if (flow.ended) {
      this.#known.delete(flow.position);
      this.#wanted.delete(flow.position);
    } else if (!this.#known.has(flow.position)) this.#want(flow.position, flow);
    return known;
  }

  /** Looks who has flows that began just now, so that their first report may tell. */
  begun(flows: readonly BegunFlow[]): void {
    for (const {number, family, protocol, words, sourcePort, destinationPort} of flows) {
      const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, d0 = 0, d1 = 0, d2 = 0, d3 = 0] = words;
      const sourceIp = addressText(family, s0, s1, s2, s3);
      const destinationIp = addressText(family, d0, d1, d2, d3);
      this.#want(number, {transport: transportName(protocol), sourceIp, sourcePort, destinationIp, destinationPort});
    }
  }

  /** What is known now of whoever has this end-to-end conversation: for what is no flow, as an alert. */
  ofEnds(ends: Ends): OwnerFields | undefined {
    const own = new Set(this.#own());
    const socket = tablesOf(ends).flatMap(table => this.#rowOf(ends, table, own) ?? [])[0];
    const owner = socket && this.#owners.get(socket.inode);
    return owner && this.#fields(socket, owner);
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    while (this.#looking) await this.#looking;
  }

  #want(flow: number, ends: Ends): void {
    if (tablesOf(ends).length === 0 || this.#wanted.size >= mostFlows) return;
    this.#wanted.set(flow, ends);
    this.#looking ??= this.#look();
  }

  async #look(): Promise<void> {
    try {
      while (this.#wanted.size > 0) {
        // Also where nothing is owed: what else this message tells is looked up with it.
        await later(this.#paid - this.#now());
        await this.#lookOnce();
      }
    } catch (error) {
      // Nobody waits for a look: what fails in one costs the owners that it was for, not the monitor.
      this.#wanted.clear();
      this.#log(`who has the newest flows is not known: ${errorText(error)}`);
    } finally {
      this.#looking = undefined;
    }
  }

  async #lookOnce(): Promise<void> {
    const own = new Set(this.#own());
    const local = [...this.#wanted].filter(([, ends]) => own.has(ends.sourceIp) || own.has(ends.destinationIp));
    this.#wanted.clear();
    const began = this.#now();
    const found = this.#findSockets(local, own);
    this.#pay(began);
    await this.#findProcesses([...found.values()].filter(({inode}) => inode !== '0'));
    for (const [flow, {sourceIp}] of local) {
      const socket = found.get(flow);
      // Of what others begin the kernel may keep nothing until the third packet.
      if (!socket && !own.has(sourceIp)) continue;
      if (socket?.inode === '0' && unaccepted.has(socket.state)) continue;
      const owner = socket && this.#owners.get(socket.inode);
      const [oldest] = this.#known.keys();
      if (oldest !== undefined && this.#known.size >= mostFlows) this.#known.delete(oldest);
      // Whose socket is gone, or not to be seen, is not found later either.
      this.#known.set(flow, owner && this.#fields(socket, owner));
    }
  }

  /** A large table takes milliseconds to read: only those are that can have a flow that was not found yet. */
  #findSockets(wanted: readonly (readonly [number, Ends])[], own: ReadonlySet<string>): Map<number, SocketRow> {
    const found = new Map<number, SocketRow>();
    for (const table of ['tcp', 'tcp6', 'udp'] as const) {
      const asked = wanted.filter(([flow, ends]) => !found.has(flow) && tablesOf(ends).includes(table));
      if (asked.length > 0) this.#sockets[table] = this.#readTable(table);
      for (const [flow, ends] of asked) {
        const row = this.#rowOf(ends, table, own);
        if (row) found.set(flow, row);
      }
    }
    return found;
  }

  #rowOf(ends: Ends, table: Table, own: ReadonlySet<string>): SocketRow | undefined {
    return keysOf(ends, own).flatMap(key => this.#sockets[table].get(key) ?? [])[0];
  }

  #readTable(table: Table): ReadonlyMap<string, SocketRow> {
    const transport = table === 'udp' ? 'udp' : 'tcp';
    const sockets = new Map<string, SocketRow>();
    for (const name of tables[table]) {
      const text = readText(join(this.#root, 'proc', 'net', name)) ?? '';
      for (const row of readSockets(text, transport).slice(0, mostSockets)) {
        const remote = row.remotePort === 0 ? '' : ` ${row.remoteAddress} ${row.remotePort}`;
        sockets.set(`${transport} ${row.address} ${row.port}${remote}`, row);
      }
    }
    return sockets;
  }

  /** Sockets that are gone are forgotten; those that are new are looked for in one pass. */
  async #findProcesses(sockets: readonly SocketRow[]): Promise<void> {
    const {tcp, tcp6, udp} = this.#sockets;
    const open = new Set([...tcp.values(), ...tcp6.values(), ...udp.values()].map(({inode}) => inode));
    this.#owners = new Map([...this.#owners].filter(([inode]) => open.has(inode)));
    const unknown = new Set(sockets.map(({inode}) => inode).filter(inode => !this.#owners.has(inode)));
    if (unknown.size === 0) return;
    let began = this.#now();
    const owners = await findOwners(join(this.#root, 'proc'), unknown, {
      order: pids => likeliestFirst(pids, this.#recent),
      pause: async () => {
        this.#pay(began);
        await later(0);
        began = this.#now();
      },
    });
    this.#pay(began);
    for (const [inode, owner] of owners) this.#owners.set(inode, owner);
    const pids = [...owners.values()].map(({pid}) => pid);
    this.#recent = [...new Set([...this.#recent, ...pids].reverse())].slice(0, mostRecent).reverse();
  }

  /** Adds what was spent since `began` to what is to be waited for. */
  #pay(began: number): void {
    this.#paid = Math.max(this.#paid, began - span) + (this.#now() - began) * share;
  }

  #fields(socket: SocketRow, owner: SocketOwner): OwnerFields {
    this.#accounts ??= readAccounts(this.#root);
    return {
      'process.pid': owner.pid,
      'process.name': owner.name,
      ...(owner.executable !== '' && {'process.executable': owner.executable}),
      'user.name': accountName(this.#accounts, socket.uid),
    };
  }
}

function tablesOf({transport, sourceIp}: Ends): readonly Table[] {
  if (transport === 'udp') return ['udp'];
  if (transport !== 'tcp') return [];
  return sourceIp.includes(':') ? ['tcp6'] : ['tcp', 'tcp6'];
}

/** Who had a connection lately has another, and who has just begun to run opens one: the largest numbers are the newest. */
function likeliestFirst(pids: readonly number[], recent: readonly number[]): readonly number[] {
  const rank = new Map(recent.map((pid, index) => [pid, index]));
  return [...pids].sort((one, other) => (rank.get(other) ?? -1) - (rank.get(one) ?? -1) || other - one);
}

function later(milliseconds: number): Promise<void> {
  return new Promise(resolve => {
    if (milliseconds <= 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds).unref();
  });
}

/**
 * Of a connection the socket that has both ends; of datagrams also one that is bound to this machine's end alone, or to
 * any address. Who listens here on a port that another machine has was not asked.
 */
function keysOf(flow: Ends, own: ReadonlySet<string>): readonly string[] {
  const {transport, sourceIp, sourcePort, destinationIp, destinationPort} = flow;
  const ends = [
    [sourceIp, sourcePort, destinationIp, destinationPort],
    [destinationIp, destinationPort, sourceIp, sourcePort],
  ] as const;
  const whole = ends.map(([ip, port, otherIp, otherPort]) => `${transport} ${ip} ${port} ${otherIp} ${otherPort}`);
  if (transport === 'tcp') return whole;
  const local = ends.filter(([ip]) => own.has(ip));
  return [...whole, ...local.flatMap(([ip, port]) => [ip, '0.0.0.0', '::'].map(at => `${transport} ${at} ${port}`))];
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({address}) => address));
}
