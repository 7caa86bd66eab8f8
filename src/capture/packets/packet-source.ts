import {randomUUID} from 'node:crypto';
import {closeSync, constants, fstatSync, ftruncateSync, mkdirSync, openSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import type {Settings} from '../../config/settings.ts';
import type {Micros, Origin} from '../../event/event.ts';
import {type Emit, type Gap, type Source, type SourceContext, SourceError} from '../source.ts';
import {CaptureError} from './backend.ts';
import {filterProblem} from './bpf/filter-problem.ts';
import {FrameError} from './bytes.ts';
import {findCap} from './cap.ts';
import {type BackendName, chooseBackend} from './choose-backend.ts';
import {CounterSum} from './counter-sum.ts';
import {newestSequence} from './evidence/ring-reader.ts';
import {FlowOwners} from './flow-owners.ts';
import {interfaceNumber, resolveInterfaces} from './interfaces.ts';
import {launchSensor} from './launch-sensor.ts';
import type {FailureCode} from './messages.ts';
import type {PacketCallbacks} from './packet-callbacks.ts';
import {PacketSession} from './packet-session.ts';
import {listCommand, routeCommand} from './pcap-words.ts';
import type {LiveArguments} from './sensor-arguments.ts';
import type {SensorExit, SensorProcess} from './sensor-process.ts';

export interface PacketSourceOptions extends PacketCallbacks {
  readonly settings: Pick<Settings, 'capture' | 'network'>;
  /** Where recent packets are kept for alerts; absent: nowhere. */
  readonly ring?: string;
}

const lookAgain = 3_000;
const firstPause = 1_000;
const longestPause = 60_000;
/** A sensor that ran this long was well: the next pause is short again. */
const wellAfter: Micros = 60_000_000;
/** Failures that trying again does not mend: the engine is told, and tries again in its own time. */
const final: readonly FailureCode[] = [
  'no-koffi',
  'no-library',
  'no-permission',
  'ring-refused',
  'capture-refused',
  'filter-refused',
  'privilege-kept',
  'bad-arguments',
];
const capInstall = 'npm install cap (needs a compiler and libpcap-dev); or backend = auto in [capture]';

/**
 * Packets of the machine's own interfaces, live: starts the sensor process and keeps it running. What could not be
 * captured (the program was down, the sensor crashed) is recorded as a gap.
 *
 * @example
 * const source = new PacketSource({settings: settings.capture, onPackets: rows => screen.add(rows)});
 * await source.start(emit, signal, context);
 */
export class PacketSource implements Source {
  readonly id: string;
  readonly #options: PacketSourceOptions;
  readonly #counters = new CounterSum();

  constructor(options: PacketSourceOptions) {
    this.#options = options;
    const names = idNames(options.settings.capture.interfaces);
    this.id = `packets:${names.length === 0 ? 'auto' : names.join(',')}`;
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const backend = this.#backend();
    this.#refuseWrongFilter();
    let pause = firstPause;
    let covered = lastCovered(context);
    while (!signal.aborted) {
      const names = this.#present(context);
      if (names.length === 0) {
        await rest(lookAgain, signal);
        continue;
      }
      const began = context.clock();
      const session = this.#session(names, covered, emit, context);
      const exit = await this.#run(this.#arguments(backend, names), session, signal);
      covered = session.covered;
      await session.close();
      if (signal.aborted) break;
      this.#judge(session, exit);
      pause = context.clock() - began > wellAfter ? firstPause : Math.min(longestPause, pause * 2);
      const why = session.failure?.detail ?? endWords(exit);
      const passing = isPassing(session, exit);
      const next = passing ? lookAgain : pause;
      const mend = session.failure?.mend;
      const detail = `${why.replace(/[^.]$/, '$&.')} Starting again in ${next / 1000} s.`;
      context.news({state: 'waiting', detail, ...(mend !== undefined && {mend})});
      await rest(next, signal);
    }
    context.news({state: 'ended', detail: 'no longer capturing'});
  }

  /** Those of the wanted interfaces that are there. Says so where some are not. */
  #present(context: SourceContext): readonly string[] {
    const wanted = wantedInterfaces(this.#options.settings.capture.interfaces);
    // Elsewhere only the capture library knows what there is.
    const found = process.platform === 'linux' ? wanted.filter(name => interfaceNumber(name) !== undefined) : wanted;
    const missing = wanted.filter(name => !found.includes(name)).join(' or ');
    if (wanted.length === 0) {
      const mend = `name one under interfaces in [capture]; ${routeCommand(process.platform)} shows the routes`;
      context.news({state: 'waiting', detail: 'No interface holds a default route.', mend});
    } else if (found.length === 0) {
      const mend = `${listCommand(process.platform)} lists the interfaces; name one under interfaces in [capture]`;
      context.news({state: 'waiting', detail: `No interface called ${missing}.`, mend});
    } else context.news({state: 'starting', detail: `opening ${found.join(', ')}`});
    return found;
  }

  #session(names: readonly string[], covered: Micros | undefined, emit: Emit, context: SourceContext): PacketSession {
    const {agent, host} = context;
    const origin: Origin = {agent, host, source: this.id, epoch: randomUUID(), dataset: 'flow'};
    const gap: Gap | undefined =
      covered === undefined ? undefined : {from: covered, to: context.clock(), reason: 'not capturing'};
    // Of this sensor alone: the next one numbers its flows from 1 again.
    const owners = process.platform === 'linux' ? new FlowOwners({log: line => this.#options.log?.(line)}) : undefined;
    const options = {
      origin,
      interfaces: names,
      counters: this.#counters,
      callbacks: this.#options,
      owners,
      gap,
    };
    return new PacketSession(options, emit, context);
  }

  async #run(args: LiveArguments, session: PacketSession, signal: AbortSignal): Promise<SensorExit> {
    const log = (line: string) => this.#options.log?.(line);
    const sensor = this.#launch(args, log);
    this.#counters.restart();
    const stop = () => sensor.finish();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      for await (const message of sensor.messages()) session.onMessage(message);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      log(`sensor ended for breaking its protocol: ${error.message}`);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return sensor.exited;
  }

  #launch(args: LiveArguments, log: (line: string) => void): SensorProcess {
    const ring = this.#openRing();
    if (ring === undefined) return launchSensor(args, log);
    try {
      const evidence = {megabytes: this.#options.settings.capture.evidence_megabytes, sequence: newestSequence(ring)};
      return launchSensor({...args, evidence}, log, ring);
    } finally {
      closeSync(ring);
    }
  }

  /** Undefined where no packets are to be kept, or the file cannot be made: capture goes on without. */
  #openRing(): number | undefined {
    const {ring, settings} = this.#options;
    const size = settings.capture.evidence_megabytes << 20;
    if (ring === undefined || size === 0) return undefined;
    try {
      mkdirSync(dirname(ring), {recursive: true, mode: 0o700});
      const fd = openSync(ring, constants.O_RDWR | constants.O_CREAT, 0o600);
      if (fstatSync(fd).size > size) ftruncateSync(fd, 0);
      return fd;
    } catch (error) {
      this.#options.log?.(`recent packets are not kept: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  #arguments(backend: ChosenBackend, interfaces: readonly string[]): LiveArguments {
    const {ring_megabytes, promiscuous, snap_length, max_flows, user, filter} = this.#options.settings.capture;
    return {
      mode: 'live',
      ...backend,
      interfaces,
      ringMegabytes: ring_megabytes,
      promiscuous,
      snapLength: snap_length,
      maxFlows: max_flows,
      user,
      filter,
      network: this.#options.settings.network,
    };
  }

  #judge(session: PacketSession, exit: SensorExit): void {
    const code = session.failure?.code ?? exit.failure;
    if (code === undefined || !final.includes(code)) return;
    throw new SourceError(session.failure?.detail ?? endWords(exit), session.failure?.mend);
  }

  #refuseWrongFilter(): void {
    const problem = filterProblem(this.#options.settings.capture.filter);
    if (problem !== undefined) throw new SourceError(problem, 'correct filter in [capture]');
  }

  /** Which backend captures. One that cannot be had here is refused in words, before a sensor is started for it. */
  #backend(): ChosenBackend {
    const backend = chooseBackend(this.#options.settings.capture.backend);
    if (backend === 'ring' && process.platform !== 'linux') {
      throw new SourceError(
        `Expected Linux for backend = ring, found ${process.platform}.`,
        'backend = auto in [capture]',
      );
    }
    if (backend !== 'cap') return {backend};
    const capPath = findCap();
    if (capPath !== undefined) return {backend, capPath};
    throw new SourceError('Expected the package cap for backend = cap, but it is not installed.', capInstall);
  }
}

interface ChosenBackend {
  readonly backend: BackendName;
  readonly capPath?: string;
}

/** What ends by itself and is looked for again soon: an interface that is down or gone. */
function isPassing(session: PacketSession, exit: SensorExit): boolean {
  const code = session.failure?.code ?? exit.failure;
  return code === 'interface-down' || code === 'interface-gone' || code === 'no-interface';
}

/** As the settings name them, or what `auto` stands for when the program starts. */
function idNames(wanted: readonly string[]): readonly string[] {
  return wanted.includes('auto') && process.platform === 'linux' ? resolveInterfaces(['auto']) : wanted;
}

function wantedInterfaces(settings: readonly string[]): readonly string[] {
  try {
    return resolveInterfaces(settings);
  } catch (error) {
    if (error instanceof CaptureError) throw new SourceError(error.message, error.mend);
    throw error;
  }
}

function lastCovered(context: SourceContext): Micros | undefined {
  const time = context.position?.time;
  return typeof time === 'number' ? time : undefined;
}

function endWords(exit: SensorExit): string {
  if (exit.killedBy !== null) return `The capture process was ended by ${exit.killedBy}.`;
  return `The capture process ended with status ${exit.status ?? 'unknown'}.`;
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, {signal});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
