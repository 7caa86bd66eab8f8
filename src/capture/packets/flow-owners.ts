import {networkInterfaces} from 'node:os';
import {join} from 'node:path';
import type {FieldValue, FlowEvent} from '../../event/event.ts';
import {readText} from '../system/read-text.ts';
import {type Account, accountName, readAccounts} from '../system/watch/accounts.ts';
import {readSockets, type SocketRow} from '../system/watch/proc-net.ts';
import {findOwners, type SocketOwner} from '../system/watch/socket-owner.ts';

/** The fields of a flow that tell who has it. */
export type OwnerFields = Readonly<Record<string, FieldValue>>;

export interface FlowOwnersOptions {
  /** Folder that holds `proc` and `etc`. */
  readonly root?: string;
  /** Addresses of this machine, asked for each look. */
  readonly own?: () => readonly string[];
  /** Milliseconds, rising. */
  readonly now?: () => number;
}

/** Milliseconds between looks; longer where a look takes long, so that looking never takes a twentieth of a core. */
const lookEvery = 300;
const share = 20;
const mostFlows = 65_536;
const mostSockets = 16_384;
const tables = [
  ['tcp', 'tcp'],
  ['tcp6', 'tcp'],
  ['udp', 'udp'],
  ['udp6', 'udp'],
] as const;

type Ends = Pick<FlowEvent, 'transport' | 'sourceIp' | 'sourcePort' | 'destinationIp' | 'destinationPort'>;

/**
 * Which process of this machine has a flow, from /proc alone, without starting anything: the sockets' table gives the
 * inode, the open files of processes give whose it is. A connection that is over before anybody could look stays
 * unknown. Found once, it is remembered for the flow's life.
 */
export class FlowOwners {
  readonly #root: string;
  readonly #own: () => readonly string[];
  readonly #now: () => number;
  readonly #known = new Map<number, OwnerFields>();
  readonly #wanted = new Map<number, Ends>();
  #sockets = new Map<string, SocketRow>();
  #owners = new Map<string, SocketOwner>();
  #accounts: readonly Account[] | undefined;
  #next = 0;
  #looking: Promise<void> | undefined;

  constructor({root = '/', own = ownAddresses, now = () => performance.now()}: FlowOwnersOptions = {}) {
    this.#root = root;
    this.#own = own;
    this.#now = now;
  }

  /** What is known of a flow's owner; looks for it meanwhile, so that the flow's next report may tell. */
  of(flow: Ends & Pick<FlowEvent, 'position' | 'ended'>): OwnerFields | undefined {
    const known = this.#known.get(flow.position);
    if (flow.ended) {
      this.#known.delete(flow.position);
      this.#wanted.delete(flow.position);
    } else if (!known && isLookable(flow)) {
      if (this.#wanted.size < mostFlows) this.#wanted.set(flow.position, flow);
      this.#looking ??= this.#look();
    }
    return known;
  }

  /** What is known now of whoever has this end-to-end conversation: for what is no flow, as an alert. */
  ofEnds(ends: Ends): OwnerFields | undefined {
    for (const key of keysOf(ends, new Set(this.#own()))) {
      const socket = this.#sockets.get(key);
      const owner = socket && this.#owners.get(socket.inode);
      if (owner) return this.#fields(socket, owner);
    }
    return undefined;
  }

  /** Resolves when no look is under way. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await new Promise(resolve => setTimeout(resolve, Math.max(0, this.#next - this.#now())).unref());
      const began = this.#now();
      await this.#lookOnce();
      const took = this.#now() - began;
      this.#next = this.#now() + Math.max(lookEvery, took * share);
    } finally {
      this.#looking = undefined;
    }
  }

  async #lookOnce(): Promise<void> {
    this.#readTables();
    const own = new Set(this.#own());
    const found = new Map<number, SocketRow>();
    for (const [flow, ends] of this.#wanted) {
      // One look is all that a flow gets: who is not found now has gone, or is another machine's.
      this.#wanted.delete(flow);
      if (!own.has(ends.sourceIp) && !own.has(ends.destinationIp)) continue;
      const socket = keysOf(ends, own).flatMap(key => this.#sockets.get(key) ?? [])[0];
      if (socket && socket.inode !== '0') found.set(flow, socket);
    }
    await this.#findProcesses([...found.values()]);
    for (const [flow, socket] of found) {
      const owner = this.#owners.get(socket.inode);
      if (!owner) continue;
      const [oldest] = this.#known.keys();
      if (oldest !== undefined && this.#known.size >= mostFlows) this.#known.delete(oldest);
      this.#known.set(flow, this.#fields(socket, owner));
    }
  }

  #readTables(): void {
    this.#sockets = new Map();
    for (const [name, transport] of tables) {
      const text = readText(join(this.#root, 'proc', 'net', name)) ?? '';
      for (const row of readSockets(text, transport)) {
        if (this.#sockets.size >= mostSockets) break;
        const remote = row.remotePort === 0 ? '' : ` ${row.remoteAddress} ${row.remotePort}`;
        this.#sockets.set(`${transport} ${row.address} ${row.port}${remote}`, row);
      }
    }
  }

  /** Sockets that are gone are forgotten; those that are new are looked for in one pass. */
  async #findProcesses(sockets: readonly SocketRow[]): Promise<void> {
    const open = new Set([...this.#sockets.values()].map(({inode}) => inode));
    this.#owners = new Map([...this.#owners].filter(([inode]) => open.has(inode)));
    const unknown = new Set(sockets.map(({inode}) => inode).filter(inode => !this.#owners.has(inode)));
    if (unknown.size === 0) return;
    for (const [inode, owner] of await findOwners(join(this.#root, 'proc'), unknown)) this.#owners.set(inode, owner);
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

function isLookable({transport}: Ends): boolean {
  return transport === 'tcp' || transport === 'udp';
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
