import {day} from '../../../event/clock.ts';
import type {FlowEvent} from '../../../event/event.ts';
import type {NgramSnapshot} from '../ngram.ts';
import {packInts, unpackInts} from '../packed.ts';
import {blankSpot} from '../threshold.ts';
import {serviceOf} from './flow-facts.ts';
import {featureCount} from './flow-features.ts';
import {letterOf} from './flow-letters.ts';
import {towardsOf} from './flow-names.ts';
import {type FlowBaseline, FlowSurprise} from './flow-surprise.ts';
import {ordinaryTraffic, type Profile} from './generated-traffic.ts';
import {hash52, joined52} from './hash.ts';
import {LetterModel} from './letter-model.ts';
import {LinearAutoencoder} from './linear-autoencoder.ts';
import {contact, Peers, rememberLetter} from './peers.ts';

/** Midnight of some day. */
const start = 1_700_006_400_000_000;
const profiles: readonly Profile[] = ['desk', 'server'];
const learnedLives = 2;
/** Other lives, for what a host that has only the letters finds surprising in its first day. */
const startedLives = 1;
/** Contexts met less often say nothing about other machines, and make the file large. */
const leastTotal = 25;
const leastCount = 3;
const firstSeed = 7_001;

/** What a fresh machine begins with, from generated traffic of so many days a life: always the same. */
export function makeFlowBaseline(days = 1): FlowBaseline {
  const letters = pruned(sharedLetters(days), leastTotal);
  const shapes = new LinearAutoencoder(featureCount).snapshot();
  let baseline: FlowBaseline = {letters, spot: blankSpot, shapes};
  for (const flows of lives(firstSeed + learnedLives, startedLives, days)) {
    const detector = new FlowSurprise({risk: () => 1e-7, baseline});
    for (const flow of flows) detector.onEvents([flow]);
    const next = detector.baseline(flows[0]?.origin.host ?? '');
    if (next) baseline = {letters, spot: next.spot, shapes: next.shapes};
  }
  return baseline;
}

function sharedLetters(days: number): NgramSnapshot {
  const model = new LetterModel();
  for (const flows of lives(firstSeed, learnedLives, days)) {
    const peers = new Peers();
    for (const flow of flows) {
      const peer = peers.get(joined52(hash52(flow.sourceIp), towardsOf(0, flow)));
      const letter = letterOf(flow, contact(peer, flow.time));
      model.learnShared(LetterModel.streams('', serviceOf(flow)), peer, letter);
      rememberLetter(peer, letter);
    }
  }
  return model.snapshot();
}

function* lives(seed: number, count: number, days: number): Generator<readonly FlowEvent[]> {
  for (let life = 0; life < count; life++) {
    for (const profile of profiles) yield ordinaryTraffic(seed + life, start + life * day, days, profile);
  }
}

/** Without the contexts that came less than so many times, and what came but once or twice in them; as `Ngram` packs it. */
function pruned({order, contexts, entries}: NgramSnapshot, least: number): NgramSnapshot {
  const rows = unpackInts(contexts);
  const keptRows: number[] = [];
  const places = new Map<number, number>();
  for (let at = 0; at < rows.length; at += 5) {
    if ((rows[at + 2] ?? 0) < least) continue;
    places.set(at / 5, keptRows.length / 5);
    keptRows.push(...rows.subarray(at, at + 5));
  }
  const counts = unpackInts(entries);
  const keptCounts: number[] = [];
  for (let at = 0; at < counts.length; at += 3) {
    const place = places.get(counts[at] ?? 0);
    if (place === undefined) continue;
    const isWhole = keptRows[place * 5 + 4] === 0;
    if (isWhole || (counts[at + 2] ?? 0) >= leastCount)
      keptCounts.push(place, counts[at + 1] ?? 0, counts[at + 2] ?? 0);
  }
  return {order, contexts: packInts(Int32Array.from(keptRows)), entries: packInts(Int32Array.from(keptCounts))};
}
