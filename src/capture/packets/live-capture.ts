import type {InterfaceFacts} from '../../detect/network/interface-facts.ts';
import type {Analyser} from './analyser.ts';
import type {LinkState, PacketBackend, RawPacket} from './backend.ts';
import type {Outbox} from './outbox.ts';
import {upCommand} from './pcap-words.ts';

/** How long packets are handled before the event loop has its turn: it turns at least 50 times a second. */
const turn = 3;
const longestSleep = 10;
/** Between two messages that say which flows have begun: with 64 in each at most 6,400 a second. */
const tellEvery = 10;
const flushEvery = 100;
const advanceEvery = 250;
/** Flows whose records are made in one turn, and how soon the next are where more are due. */
const flowsATurn = 1_000;
const advanceSoon = 25;
const lookEvery = 1_000;
const refreshEvery = 10_000;
/** Packets that a backend may push before what is due is looked at. */
const servedEvery = 1_024;

export interface LiveOptions {
  readonly backends: readonly PacketBackend[];
  readonly analyser: Analyser;
  readonly outbox: Outbox;
  /** Asked every ten seconds: MTU, offloads and own addresses change while we run. */
  readonly refresh: () => {
    readonly facts: readonly InterfaceFacts[];
    readonly own: {readonly ip: readonly string[]; readonly mac: readonly string[]};
  };
  /** Called when an interface is gone for good, or its capture does not work any more. */
  readonly onLost: (backend: PacketBackend) => void;
}

/**
 * Takes blocks of packets and analyses them. While there are packets it works in turns of three milliseconds, so pipe,
 * signals and timers are served however full the ring is; when there are none it sleeps, longer each time up to 10 ms.
 */
export class LiveCapture {
  readonly #options: LiveOptions;
  readonly #handlers: ((packet: RawPacket) => void)[];
  readonly #states: LinkState[];
  #sleep = 0;
  #turns = 0;
  #newest = 0;
  #flushed = 0;
  #told = 0;
  #advanced = 0;
  #looked = 0;
  #refreshed = 0;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#states = options.backends.map(() => 'up');
    this.#handlers = options.backends.map((backend, index) => {
      const handler = (packet: RawPacket) => {
        this.#newest = packet.time;
        options.analyser.packet(packet, index);
      };
      return backend.pushes ? this.#serving(handler) : handler;
    });
  }

  start(): void {
    this.#run();
  }

  /** Takes what still waits in the rings, ends all flows and hands everything over. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    const {backends, analyser, outbox} = this.#options;
    this.#takeFor(longestSleep);
    const counters = analyser.counters(Date.now() * 1000, this.#dropped(), this.#turns);
    outbox.holdAll();
    analyser.finish();
    outbox.flush(counters, true);
    for (const backend of backends) backend.close();
  }

  /** While packets are pushed nothing else has its turn, so what is due is done between them. */
  #serving(handler: (packet: RawPacket) => void): (packet: RawPacket) => void {
    let count = 0;
    return packet => {
      handler(packet);
      if (++count % servedEvery === 0 && !this.#stopped) this.#report(true);
    };
  }

  #run(): void {
    if (this.#stopped) return;
    this.#turns++;
    const busy = this.#takeFor(turn);
    this.#serve(busy);
    this.#sleep = busy ? 0 : Math.min(longestSleep, this.#sleep * 2 + 1);
    if (busy) setImmediate(() => this.#run());
    else this.#timer = setTimeout(() => this.#run(), this.#sleep);
  }

  /** Returns whether there were packets. */
  #takeFor(milliseconds: number): boolean {
    const until = performance.now() + milliseconds;
    let any = false;
    for (let more = true; more; ) {
      more = false;
      for (const [index, backend] of this.#options.backends.entries()) {
        const handler = this.#handlers[index];
        if (handler && backend.take(handler) > 0) more = true;
      }
      any ||= more;
      if (performance.now() >= until) break;
    }
    return any;
  }

  #serve(busy: boolean): void {
    this.#report(busy);
    const now = performance.now();
    if (now - this.#looked >= lookEvery) {
      this.#looked = now;
      this.#look();
    }
    if (now - this.#refreshed >= refreshEvery) {
      this.#refreshed = now;
      const {analyser, refresh} = this.#options;
      const {facts, own} = refresh();
      analyser.setFacts(facts);
      analyser.setOwn(own);
    }
  }

  #report(busy: boolean): void {
    const now = performance.now();
    const {analyser, outbox} = this.#options;
    if (now - this.#told >= tellEvery) {
      this.#told = now;
      outbox.flushBegun();
    }
    if (now - this.#advanced >= advanceEvery) {
      this.#advanced = now;
      // While packets wait, time is theirs: the clock may be ahead of what the ring still holds.
      const isMoreDue = analyser.advance(busy ? this.#newest : Date.now() * 1000, flowsATurn);
      if (isMoreDue) this.#advanced -= advanceEvery - advanceSoon;
      outbox.flush(analyser.counters(Date.now() * 1000, this.#dropped(), this.#turns));
      this.#flushed = now;
    } else if (now - this.#flushed >= flushEvery) {
      this.#flushed = now;
      outbox.flush(undefined);
    }
  }

  #look(): void {
    const {backends, outbox, onLost} = this.#options;
    for (const [index, backend] of backends.entries()) {
      const state = backend.linkState();
      if (state === this.#states[index]) continue;
      this.#states[index] = state;
      if (state === 'gone' || state === 'broken') onLost(backend);
      else if (state === 'down') {
        outbox.status({
          state: 'waiting',
          detail: `${backend.interface} is down`,
          mend: upCommand(backend.interface, process.platform),
        });
      } else outbox.status({state: 'running', detail: `${backend.interface} is up again`});
    }
  }

  #dropped(): number {
    return this.#options.backends.reduce((sum, backend) => sum + (backend.counters().droppedByKernel ?? 0), 0);
  }
}
