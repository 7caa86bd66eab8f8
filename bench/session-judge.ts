import type {Evidence, EvidenceFamily} from '../src/detect/surprise/session/evidence.ts';
import {SessionScore} from '../src/detect/surprise/session/session-score.ts';
import {without} from './folds.ts';
import {MixChooser} from './mix-chooser.ts';
import {ensembleNats, type FoldNetwork} from './network-ensemble.ts';
import {distinctSessions} from './sequence-encoding.ts';
import {SequenceLearner} from './sequence-learner.ts';

/** What a judge says of one session, with all evidence and with one family alone. */
export type Views = Readonly<Record<'combined' | EvidenceFamily, SessionScore>>;

export interface Judge {
  readonly views: Views;
  /** Sessions that were held out, each once, to calibrate by. */
  readonly held: number;
  /** The network's part in the mixture that predicts held-out sessions best. */
  readonly mix: number;
  evidence(symbols: Int32Array): Evidence;
}

/**
 * Learns the sessions of all folds but those left out. Each fold in turn is judged by what the others taught, and
 * calibrates the scores; sessions to test are judged by what all taught. No abnormal session has a part in it.
 */
export function makeJudge(
  folds: readonly Int32Array[][],
  left: readonly number[],
  networks: readonly FoldNetwork[],
): Judge {
  const held: {evidence: Evidence; times: number}[] = [];
  const chooser = new MixChooser();
  folds.forEach((sessions, fold) => {
    if (left.includes(fold)) return;
    const out = [...left, fold];
    const learner = learned(without(folds, out));
    for (const {symbols, times} of distinctSessions(sessions)) {
      const ngram = learner.ngramNats(symbols);
      const network = ensembleNats(networks, symbols, out);
      if (network) chooser.add(ngram, network, times);
      held.push({evidence: learner.evidence(symbols, ngram, network), times});
    }
  });
  const learner = learned(without(folds, left));
  const mix = networks.length === 0 ? 0 : chooser.best();
  return {
    views: makeViews(held, mix),
    held: held.reduce((sum, {times}) => sum + times, 0),
    mix,
    evidence: symbols => learner.evidence(symbols, learner.ngramNats(symbols), ensembleNats(networks, symbols, left)),
  };
}

function learned(sessions: readonly Int32Array[]): SequenceLearner {
  const distinct = distinctSessions(sessions);
  const learner = new SequenceLearner(distinct.reduce((sum, {symbols}) => sum + symbols.length, 0));
  for (const counted of distinct) learner.learn(counted);
  return learner;
}

function makeViews(held: readonly {evidence: Evidence; times: number}[], networkMix: number): Views {
  const capacity = held.reduce((sum, {times}) => sum + times, 0);
  const view = (families: readonly EvidenceFamily[]): SessionScore => {
    const score = new SessionScore({families, networkMix, capacity});
    for (const {evidence, times} of held) for (let time = 0; time < times; time++) score.learn(evidence);
    return score;
  };
  return {
    combined: view(['ngram', 'network', 'composition']),
    ngram: view(['ngram']),
    network: view(['network']),
    composition: view(['composition']),
  };
}
