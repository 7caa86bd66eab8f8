import {randomInt} from 'node:crypto';
import {factsOfFile, type InterfaceFacts} from '../../detect/network/interface-facts.ts';
import {errorText} from '../../event/error-code.ts';
import {QueryError} from '../../query/expression.ts';
import {Analyser} from './analyser.ts';
import {CaptureError, type PacketBackend} from './backend.ts';
import {PacketFilter} from './bpf/packet-filter.ts';
import {packetsOfCapture} from './evidence/capture-reader.ts';
import {extract} from './evidence/extract.ts';
import {packetsOfRing} from './evidence/ring-reader.ts';
import {RingWriter} from './evidence/ring-writer.ts';
import {FileCapture, NotACapture} from './file-capture.ts';
import {giveUpPrivilege} from './give-up-privilege.ts';
import {interfaceMtu, isLoopback, ownAddresses} from './interfaces.ts';
import {type Kernel, loadKernel} from './kernel.ts';
import {LiveCapture} from './live-capture.ts';
import {failures, type Hello, protocolVersion} from './messages.ts';
import {aggregates, readOffloads} from './offload.ts';
import {openBackends, openRings} from './open-backends.ts';
import {Outbox} from './outbox.ts';
import {hasLooseCapabilities, type PrivilegeReport} from './privilege.ts';
import {
  type CaptureArguments,
  type ExtractArguments,
  type FileArguments,
  fileFd,
  type LiveArguments,
} from './sensor-arguments.ts';
import {Failure} from './sensor-failure.ts';
import {SensorPipe} from './sensor-pipe.ts';
import {startAfresh} from './start-afresh.ts';
import {surroundings} from './surroundings.ts';
import {warmUp} from './warm-up.ts';
import {writeMessage} from './write-message.ts';

/**
 * The sensor process: opens its captures, gives up every privilege, proves it, then decodes, tracks flows and runs the
 * network detectors until the engine closes the pipe. Ends the process, with a coded exit status where it could not.
 */
export async function runSensor(args: CaptureArguments): Promise<void> {
  const loaded = await loadKernel();
  const kernel = 'missing' in loaded ? undefined : loaded;
  if (kernel && mustStartAfresh(args)) startAfreshFor(kernel, args);
  const pipe = new SensorPipe();
  const outbox = new Outbox(pipe);
  try {
    if (args.mode === 'live') await captureLive(args, kernelFor(args, loaded), pipe, outbox);
    else if (args.mode === 'extract') extractEvidence(args, kernel, pipe);
    else await captureFile(args, kernel, pipe, outbox);
    await pipe.close();
    process.exit(0);
  } catch (error) {
    await leave(error, pipe, outbox);
  }
}

/**
 * An ordinary user whose node has the capability: only a program started anew loses it in every thread. What libpcap opened
 * cannot be handed to one.
 */
function mustStartAfresh(args: CaptureArguments): boolean {
  const isReady = args.mode === 'live' ? args.backend !== 'ring' || args.inherited !== undefined : args.afresh === true;
  return !isReady && hasLooseCapabilities();
}

function startAfreshFor(kernel: Kernel, args: CaptureArguments): void {
  if (args.mode === 'live') openAndStartAfresh(kernel, args);
  else startAfresh(kernel, {...args, afresh: true}, [fileFd]);
}

/** Where it fails, the ordinary way meets the same failure again and reports it. */
function openAndStartAfresh(kernel: Kernel, args: LiveArguments): void {
  try {
    const rings = openRings(kernel, args);
    const inherited = Object.fromEntries(rings.map(ring => [ring.interface, ring.fd]));
    startAfresh(kernel, {...args, inherited}, [...(args.evidence ? [fileFd] : []), ...Object.values(inherited)]);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
  }
}

async function captureLive(
  args: LiveArguments,
  kernel: Kernel | undefined,
  pipe: SensorPipe,
  outbox: Outbox,
): Promise<void> {
  const refresh = () => ({facts: args.interfaces.map(name => factsOf(kernel, name)), own: ownAddresses()});
  // Before the capture opens, so that nothing waits in the ring meanwhile.
  warmUp(args.network, refresh().facts);
  if (args.backend !== 'ring' && hasLooseCapabilities()) throw needsRoot(args.backend);
  const {backends, with: library} = await openBackends(kernel, args);
  const {facts, own} = refresh();
  const privilege = giveUpPrivilege(kernel, args.user);
  const filter = backends.every(backend => backend.filtered) ? undefined : filterOf(args);
  const analyser = new Analyser(outbox, {
    maxFlows: args.maxFlows,
    seed: randomInt(2 ** 31),
    facts,
    filter,
    network: args.network,
    watched: true,
    ...(args.evidence && {evidence: new RingWriter(fileFd, args.evidence.megabytes, args.evidence.sequence)}),
  });
  analyser.setOwn(own);
  const countsLosses = backends.every(backend => backend.counters().droppedByKernel !== undefined);
  outbox.hello(hello(privilege, facts, countsLosses));
  outbox.status({state: 'running', detail: `capturing on ${args.interfaces.join(', ')} with ${library}`});
  const lost = await new Promise<PacketBackend | undefined>(resolve => {
    const live = new LiveCapture({backends, analyser, outbox, refresh, onLost: backend => finish(backend)});
    const finish = (backend?: PacketBackend) => {
      live.stop();
      resolve(backend);
    };
    process.once('SIGTERM', () => finish());
    void pipe.finished.then(() => finish());
    live.start();
  });
  if (lost !== undefined) throw lossOf(lost);
}

async function captureFile(
  args: FileArguments,
  kernel: Kernel | undefined,
  pipe: SensorPipe,
  outbox: Outbox,
): Promise<void> {
  const privilege = giveUpPrivilege(kernel, args.user);
  const facts = new Array<InterfaceFacts>(256).fill(factsOfFile('file'));
  const {maxFlows, network, watched} = args;
  const filter = filterOf(args);
  const analyser = new Analyser(outbox, {maxFlows, seed: randomInt(2 ** 31), facts, network, watched, filter});
  outbox.hello(hello(privilege, [], true));
  void pipe.finished.then(() => process.exit(0));
  const result = await new FileCapture(analyser, outbox, pipe, args.speed).run();
  const {withheld} = analyser.counters(0, 0);
  const problems = [
    counted(result.unsupported, 'packets of a link type that is not read'),
    counted(withheld.applications, 'messages of applications left out: too many at once'),
    counted(withheld.conversations, 'conversations told of before their end: too many at once'),
    counted(withheld.alerts, 'findings left out: too many at once'),
    result.damage ?? '',
  ].filter(problem => problem !== '');
  const detail = `${result.packets.toLocaleString('en')} packets`;
  outbox.status({state: 'ended', detail, ...(problems.length > 0 && {problem: problems.join('; ')})});
}

function counted(count: number | undefined, what: string): string {
  return count === undefined || count === 0 ? '' : `${count.toLocaleString('en')} ${what}`;
}

/** The only mode that opens what hostile packets wrote long after they came: without privilege, like all else. */
function extractEvidence(args: ExtractArguments, kernel: Kernel | undefined, pipe: SensorPipe): void {
  giveUpPrivilege(kernel, args.user);
  const packets = args.from === 'ring' ? packetsOfRing(fileFd) : packetsOfCapture(fileFd);
  for (const evidence of extract(packets, args.requests, args.interfaces)) {
    pipe.write(writeMessage({type: 'evidence', evidence}));
  }
}

/** A filter to run here, undefined where all packets are wanted. */
function filterOf({filter = ''}: LiveArguments | FileArguments): PacketFilter | undefined {
  return filter.trim() === '' ? undefined : new PacketFilter(filter);
}

function lossOf({interface: name, error}: PacketBackend): Failure {
  if (error === undefined) return new Failure('interface-gone', `The interface ${name} is gone.`);
  return new Failure('capture-broken', `The capture on ${name} ended: ${error}.`);
}

/** libpcap's captures, unlike our sockets, cannot be handed to a program started anew without capabilities. */
function needsRoot(backend: string): Failure {
  return new Failure(
    'privilege-kept',
    `Expected root for backend = ${backend}: with a capability alone no thread but one could give it up again.`,
    'sudo siem monitor; or backend = ring in [capture]',
  );
}

function factsOf(kernel: Kernel | undefined, name: string): InterfaceFacts {
  return {
    name,
    mtu: interfaceMtu(name) ?? 65_536,
    aggregates: kernel === undefined || aggregates(readOffloads(kernel, name)),
    loopback: isLoopback(name),
    ...surroundings(name),
  };
}

function hello(privilege: PrivilegeReport, facts: readonly InterfaceFacts[], countsLosses: boolean): Hello {
  const interfaces = facts.map(({name, mtu, aggregates: joined}) => ({name, mtu, aggregates: joined}));
  return {version: protocolVersion, pid: process.pid, ...privilege, countsLosses, interfaces};
}

/** The kernel's calls: the ring is made of them; libpcap and cap need none off Linux, where there are none. */
function kernelFor(args: LiveArguments, loaded: Awaited<ReturnType<typeof loadKernel>>): Kernel | undefined {
  if (!('missing' in loaded)) return loaded;
  if (args.backend !== 'ring') return undefined;
  throw new Failure(
    'no-koffi',
    `Expected the optional package koffi, which the packet ring needs, but it does not load: ${loaded.missing}`,
    'npm install koffi; or without packets: packets = no in [capture]',
  );
}

async function leave(error: unknown, pipe: SensorPipe, outbox: Outbox): Promise<never> {
  const failure = asFailure(error);
  const mend = failure.mend === undefined ? undefined : {mend: failure.mend};
  outbox.status({state: 'failed', code: failure.code, detail: failure.message, ...mend});
  await pipe.close();
  process.exit(failures[failure.code]);
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof CaptureError) return new Failure(error.code, error.message, error.mend);
  if (error instanceof QueryError)
    return new Failure('filter-refused', error.message, 'a filter that fits the packets');
  if (error instanceof NotACapture)
    return new Failure('bad-file', `Expected a pcap or pcapng file, but ${error.message}.`);
  return new Failure('unexpected', errorText(error));
}
