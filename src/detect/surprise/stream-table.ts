import type {Micros} from '../../event/event.ts';
import {type Session, Stream, type StreamSnapshot} from './stream.ts';
import {daysOf, FadedCount} from './values/faded-count.ts';

export interface StreamTableSnapshot {
  readonly streams: readonly StreamSnapshot[];
  /** Host, first time, new programs lately, the programs. */
  readonly hosts: readonly (readonly [string, Micros, readonly [number, Micros], readonly string[]])[];
}

interface Host {
  readonly streams: Map<string, Stream>;
  /** Every program that ever wrote here, also those whose stream was dropped. */
  readonly programs: Set<string>;
  readonly fresh: FadedCount;
  first: Micros;
}

const maxStreams = 500;
const maxPrograms = 4_000;

/** The streams of every machine, the least recently written to dropped where there are too many. */
export class StreamTable {
  private readonly hosts = new Map<string, Host>();
  private readonly ended: (stream: Stream, session: Session) => void;
  private count = 0;

  constructor(ended: (stream: Stream, session: Session) => void) {
    this.ended = ended;
  }

  get size(): number {
    return this.count;
  }

  get(host: string, provider: string): Stream | undefined {
    return this.hosts.get(host)?.streams.get(provider);
  }

  /** Whether a daemon of this name (`ssh`: sshd, `postfix`: postfix/smtpd) writes on the machine from before a time on. */
  hasDaemon(host: string, name: string, before: Micros): boolean {
    const wanted = name.toLowerCase();
    for (const [provider, {first}] of this.hosts.get(host)?.streams ?? []) {
      const program = provider.toLowerCase().split('/', 1)[0];
      if (first < before && (program === wanted || program === `${wanted}d`)) return true;
    }
    return false;
  }

  /**
   * Begins a stream. `seldom` is the logarithm of the days between two new programs on this machine lately, undefined
   * where the program is not new.
   */
  begin(host: string, provider: string, time: Micros): {readonly stream: Stream; readonly seldom: number | undefined} {
    const {programs, fresh, first} = this.host(host, time);
    const known = programs.has(provider) || programs.size >= maxPrograms;
    const seldom = known ? undefined : -Math.log((0.5 + fresh.at(time)) / daysOf(time - first));
    if (!known) {
      programs.add(provider);
      fresh.add(time);
    }
    return {stream: this.add(host, provider, time), seldom};
  }

  *all(): IterableIterator<Stream> {
    for (const {streams} of this.hosts.values()) yield* streams.values();
  }

  snapshot(): StreamTableSnapshot {
    return {
      streams: [...this.all()].map(stream => stream.snapshot()),
      hosts: [...this.hosts].map(([host, {first, fresh, programs}]) => [host, first, fresh.snapshot(), [...programs]]),
    };
  }

  restore({streams, hosts}: StreamTableSnapshot): void {
    this.hosts.clear();
    this.count = 0;
    for (const [host, first, fresh, programs] of hosts) {
      const place = this.host(host, first);
      place.fresh.restore(fresh);
      for (const program of programs) place.programs.add(program);
    }
    for (const snapshot of streams) this.add(snapshot.host, snapshot.provider, snapshot.first).restore(snapshot);
  }

  private add(host: string, provider: string, time: Micros): Stream {
    if (this.count >= maxStreams) this.dropOldest();
    const stream = new Stream(host, provider, this.ended);
    this.host(host, time).streams.set(provider, stream);
    this.count += 1;
    return stream;
  }

  private dropOldest(): void {
    let oldest: Stream | undefined;
    for (const stream of this.all()) if (!oldest || stream.last < oldest.last) oldest = stream;
    if (!oldest) return;
    this.hosts.get(oldest.host)?.streams.delete(oldest.provider);
    this.count -= 1;
  }

  private host(name: string, time: Micros): Host {
    const known = this.hosts.get(name);
    if (known) return known;
    const host: Host = {streams: new Map(), programs: new Set(), fresh: new FadedCount(), first: time};
    this.hosts.set(name, host);
    return host;
  }
}
