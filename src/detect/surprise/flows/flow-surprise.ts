import type {Alert, Event, FlowEvent, Micros} from '../../../event/event.ts';
import {BoundedMap} from '../../bounded-map.ts';
import type {Detector} from '../../detector.ts';
import type {NgramSnapshot} from '../ngram.ts';
import {Suppression, type SuppressionSnapshot} from '../suppression.ts';
import type {Spread} from './fan-out.ts';
import {broughtBy, isAnswered} from './flow-facts.ts';
import {type Damped, featureNames} from './flow-features.ts';
import {excessText, type FlowFinding, flowAlert, newText, spreadText} from './flow-finding.ts';
import {FlowHost, type FlowHostSnapshot, type HostStart} from './flow-host.ts';
import {letterOf, letterText, type Rhythm} from './flow-letters.ts';
import {type FlowNames, NameCache, towardsOf} from './flow-names.ts';
import {hash52, joined52} from './hash.ts';
import {LetterModel} from './letter-model.ts';
import {LongFlows} from './long-flows.ts';
import type {New, NoveltyKind} from './novelty.ts';
import {contact, type Peer, Peers, type PeersSnapshot, regularFrom, rememberLetter} from './peers.ts';
import {Site} from './site.ts';
import {type Excess, excessNats} from './volumes.ts';

/** What a machine that has seen nothing yet may begin with. */
export interface FlowBaseline extends HostStart {
  readonly letters: NgramSnapshot;
}

export interface FlowSurpriseOptions {
  /** Wanted probability of an alert a flow: wanted alerts a day over flows a day. */
  readonly risk: () => number;
  readonly baseline?: FlowBaseline;
  /** Default: only addresses that are never the internet's are inside. */
  readonly site?: Site;
}

export interface FlowSurpriseStats {
  readonly flows: number;
  readonly suppressed: number;
  readonly hosts: number;
  readonly hostsReady: number;
  readonly peers: number;
}

interface State {
  readonly version: typeof stateVersion;
  readonly letters: NgramSnapshot;
  readonly peers: PeersSnapshot;
  readonly hosts: readonly (readonly [string, FlowHostSnapshot])[];
  readonly long: readonly (readonly [string, Micros])[];
  readonly suppression: SuppressionSnapshot;
}

/** One flow with all that was found out about it. */
interface Judged {
  readonly name: string;
  readonly host: FlowHost;
  readonly flow: FlowEvent;
  readonly names: FlowNames;
  readonly peer: Peer;
  readonly rhythm: Rhythm;
  readonly letter: number;
  /** Surprise of the letter alone, and with what is new and the volume added. */
  readonly letterNats: number;
  readonly nats: number;
  readonly news: readonly New[];
  readonly excess: Excess | undefined;
  readonly spread: Spread | undefined;
  readonly sums: Damped;
}

const stateVersion = 3;
const maxHosts = 32;
/** Never alerted on below this: p = 0.7 %. A letter this surprising speaks for the finding too. */
const leastNats = 5;
/** Flows of a place after which its facts are looked up again. */
const renewedEvery = 16;
const expectedShown = 5;
const missedShown = 3;
/** A rare letter has a rare shape more often than others: only one that one flow in a hundred has speaks for it. */
const shapeRisk = 0.01;
/** So many new values at once, where there were none for long, need nothing else. */
const manyNew = 3;
/** And so many five-minute windows in a row beyond the usual volume. */
const manyWindows = 3;
/** New and of these kinds on a host that had none for a day: told without anything else. */
const tellingKinds: ReadonlySet<NoveltyKind> = new Set(['service', 'listener', 'network', 'rhythm']);

/**
 * Learns what flows each machine has and says which are not like them. The surprise of a flow is that of its letter
 * after its peer's letters, of what is new in it, and of the volume it adds to. It must be beyond the host's SPOT limit,
 * or the volume beyond its own, and at least two kinds of evidence must agree: letter, novelty, volume, or a shape that
 * the autoencoder cannot reconstruct. Apart from that, a service never seen where nothing was new for a day is told.
 */
export class FlowSurprise implements Detector {
  readonly id = 'surprise.flow';
  private readonly options: FlowSurpriseOptions;
  private readonly letters = new LetterModel();
  private readonly peers = new Peers();
  private readonly site: Site;
  private readonly names: NameCache;
  private readonly hosts = new BoundedMap<string, FlowHost>(maxHosts);
  private readonly long = new LongFlows();
  private readonly suppression = new Suppression();
  private flows = 0;
  private suppressed = 0;
  private found: Alert[] = [];

  constructor(options: FlowSurpriseOptions) {
    this.options = options;
    this.site = options.site ?? new Site();
    this.names = new NameCache(this.site);
    if (options.baseline) this.letters.restore(options.baseline.letters);
  }

  onEvents(batch: readonly Event[]): readonly Alert[] {
    this.found = [];
    let newest: Micros = 0;
    for (const event of batch) {
      if (event.kind !== 'flow' || !this.long.makesLetter(event) || isFolded(event)) continue;
      this.observe(event);
      newest = event.last;
    }
    return newest > 0 ? [...this.found, ...this.suppression.takeOver(newest)] : this.found;
  }

  /** 0–1: how far the host that has learned most is from being judged. Below 1, nothing can be alerted on. */
  progress(): number {
    let most = 0;
    for (const [, host] of this.hosts.entries()) most = Math.max(most, host.ready ? 1 : Math.min(0.99, host.progress));
    return most;
  }

  stats(): FlowSurpriseStats {
    const hosts = [...this.hosts.entries()];
    return {
      flows: this.flows,
      suppressed: this.suppressed,
      hosts: hosts.length,
      hostsReady: hosts.filter(([, host]) => host.ready).length,
      peers: this.peers.size,
    };
  }

  save(): State {
    return {
      version: stateVersion,
      letters: this.letters.snapshot(),
      peers: this.peers.snapshot(),
      hosts: [...this.hosts.entries()].map(([name, host]) => [name, host.snapshot()]),
      long: this.long.snapshot(),
      suppression: this.suppression.snapshot(),
    };
  }

  /** State of another version is left aside: learning begins again. */
  restore(saved: unknown): void {
    if (!isState(saved)) return;
    this.letters.restore(saved.letters);
    this.peers.restore(saved.peers);
    this.long.restore(saved.long);
    this.suppression.restore(saved.suppression);
    for (const [name, snapshot] of saved.hosts) {
      const host = new FlowHost(name, this.site);
      host.restore(snapshot);
      this.hosts.set(name, host);
    }
  }

  /** What a baseline is made of: the letters of all hosts, and the start that this host would give others. */
  baseline(host: string): FlowBaseline | undefined {
    const known = this.hosts.peek(host)?.snapshot();
    return known && {letters: this.letters.snapshot(), spot: known.spot, shapes: known.shapes};
  }

  private observe(flow: FlowEvent): void {
    this.flows += 1;
    const judged = this.judge(flow);
    const {host, names, peer, letter, nats} = judged;
    const alerted = host.ready && this.alert(judged);
    if (alerted) host.volumes.alerted(names.volume);
    else {
      host.learnScore(nats);
      if (host.learnsShape) host.shapes.learn(host.features(flow, judged.rhythm, judged.sums));
    }
    // What came is learned even where it was alerted on: else a new habit would be news each hour for ever.
    this.letters.learn(names.streams, peer, letter);
    rememberLetter(peer, letter);
  }

  private judge(flow: FlowEvent): Judged {
    const name = flow.origin.host;
    const host = this.hosts.get(name) ?? this.addHost(name);
    host.count(flow.last);
    const source = hash52(flow.sourceIp);
    const towards = towardsOf(host.hash, flow);
    const peer = this.peers.get(joined52(source, towards));
    const rhythm = contact(peer, flow.time);
    const names = this.names.of(flow, source, towards);
    const letter = letterOf(flow, rhythm);
    const letterNats = this.letters.surprise(names.streams, peer, letter);
    const news = newsOf(host, flow, names, peer);
    const excess = host.volumes.add(names.volume, flow, flow.last);
    const nats = letterNats + most(news) + (excess?.nats ?? 0);
    const sums = host.damped(flow, source);
    const spread = host.fanOut.add(flow);
    return {name, host, flow, names, peer, rhythm, letter, letterNats, nats, news, excess, spread, sums};
  }

  private alert(judged: Judged): boolean {
    if (judged.spread) return this.tellSpread(judged, judged.spread);
    const {name, host, flow, names, nats, news, letter, excess} = judged;
    const telling = news.find(one => one.settled === 'day' && tellingKinds.has(one.kind));
    const threshold = Math.max(leastNats, host.spot.threshold(this.options.risk()));
    // A volume has a limit of its own, and need not be beyond the letters' as well.
    if (telling === undefined && nats <= threshold && excess === undefined) return false;
    const evidence = this.evidence(judged);
    if (telling === undefined && evidence.weight < 2) return false;
    // What is new of a telling kind, and what is too much, has a limit of its own.
    const own = telling ? leastNats : excess ? excessNats : threshold;
    const entity = telling?.kind === 'listener' ? listenerEntity(name, flow) : `${name}/${flow.sourceIp}`;
    const key = `${entity} ${names.place.service} ${telling ? telling.kind : letter}`;
    if (this.suppression.pass(key, flow.last) === 0) {
      this.suppressed += 1;
      return true;
    }
    const type = telling ? 'flow.new' : 'flow';
    const corroborators = this.corroborators(judged, evidence);
    const alert = flowAlert(this.finding(judged, {type, entity, threshold: Math.min(own, threshold), corroborators}));
    this.suppression.note(key, alert);
    this.found.push(alert);
    return true;
  }

  /** Places tried in vain are no matter of one flow: that they are so many needs nothing else. */
  private tellSpread(judged: Judged, spread: Spread): boolean {
    const {name, flow} = judged;
    const entity = `${name}/${flow.sourceIp}`;
    const key = `${entity} fan-out`;
    if (this.suppression.pass(key, flow.last) === 0) {
      this.suppressed += 1;
      return true;
    }
    const rest = {type: 'flow', entity, corroborators: [spreadText(spread, flow)]} as const;
    // How often such comes is not known, for it never came: it is the more surprising the further it is beyond.
    const nats = leastNats + Math.log(spread.places / Math.max(1, spread.most));
    const alert = flowAlert({...this.finding(judged, {...rest, threshold: leastNats}), nats});
    this.suppression.note(key, alert);
    this.found.push(alert);
    return true;
  }

  private evidence({host, flow, rhythm, letterNats, news, excess, sums}: Judged): Evidence {
    const settled = news.filter(one => one.settled !== 'no' || one.burst >= manyNew);
    const row = host.features(flow, rhythm, sums);
    const kinds = new Set<EvidenceKind>();
    if (letterNats >= leastNats) kinds.add('letter');
    if (settled.length > 0) kinds.add('new');
    if (host.shapes.isUnusual(host.shapes.error(row), shapeRisk)) kinds.add('shape');
    if (excess) kinds.add('volume');
    const goesOn = settled.some(one => one.burst >= manyNew) || (excess?.inRow ?? 0) >= manyWindows;
    return {kinds, settled, row, weight: kinds.size + (goesOn ? 1 : 0)};
  }

  private corroborators({host, flow, names, letter, excess}: Judged, {kinds, settled, row}: Evidence): string[] {
    const texts: string[] = [];
    const {service} = names.place;
    if (kinds.has('letter')) {
      const known = this.letters.seen(names.streams, letter);
      texts.push(known ? `such a flow is rare among ${service} flows here` : `no ${service} flow here was such`);
    }
    for (const one of settled) texts.push(newText(one, flow));
    if (kinds.has('shape')) {
      const missed = new Set(host.shapes.missed(row, missedShown).map(column => featureNames[column]));
      texts.push(`its shape is unusual (${[...missed].join(', ')})`);
    }
    if (excess) texts.push(excessText(excess));
    return texts;
  }

  private finding(
    {name, flow, names, peer, letter, nats}: Judged,
    rest: Pick<FlowFinding, 'type' | 'entity' | 'threshold' | 'corroborators'>,
  ): FlowFinding {
    const expected = this.letters
      .predict(names.streams, peer, expectedShown)
      .map(({symbol, probability}) => ({text: letterText(symbol), probability}));
    const last = peer.recent.map(letterText);
    const {service} = names.place;
    return {...rest, host: name, flow, service, came: letterText(letter), expected, nats, last};
  }

  private addHost(name: string): FlowHost {
    const host = new FlowHost(name, this.site);
    if (this.options.baseline) host.begin(this.options.baseline);
    this.hosts.set(name, host);
    return host;
  }
}

type EvidenceKind = 'letter' | 'new' | 'shape' | 'volume';

interface Evidence {
  readonly kinds: ReadonlySet<EvidenceKind>;
  readonly settled: readonly New[];
  readonly row: Float64Array;
  readonly weight: number;
}

const noNews: readonly New[] = [];

function newsOf(host: FlowHost, flow: FlowEvent, {facts, uses}: FlowNames, peer: Peer): readonly New[] {
  const isRegular = isNewAndRegular(host, peer);
  const renewed = uses % renewedEvery === 0;
  let found: readonly New[] = noNews;
  for (const fact of facts) {
    if (fact.when === 'client' && !isAnswered(flow)) continue;
    const news = host.novelty.observe(fact, broughtBy(fact, flow, isRegular), flow.last, renewed);
    // Hardly any flow brings anything new: no list is made for the others.
    if (news) found = [...found, news];
  }
  return found;
}

/** What was there from the beginning may show its rhythm late: a lease is renewed four times a day. */
function isNewAndRegular(host: FlowHost, peer: Peer): boolean {
  return peer.regular >= regularFrom && peer.first > host.knownFrom;
}

/**
 * A new service brings a new port and a new pair along: the most surprising stands for all. Where new things still
 * come, none is a surprise.
 */
function most(news: readonly New[]): number {
  return news.reduce((nats, one) => (one.settled === 'no' && one.burst < manyNew ? nats : Math.max(nats, one.nats)), 0);
}

function listenerEntity(host: string, {destinationIp, destinationPort}: FlowEvent): string {
  return `${host}/${destinationIp}:${destinationPort}`;
}

/** Many flows made one, in a flood: its ports or addresses are blank and its sums are no flow's. */
function isFolded({transport, sourcePort, destinationPort}: FlowEvent): boolean {
  return (transport === 'tcp' || transport === 'udp') && (sourcePort === 0 || destinationPort === 0);
}

function isState(saved: unknown): saved is State {
  return typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === stateVersion;
}
