import {Correlations, type Firing} from '../../detect/sigma/correlate/correlations.ts';
import {type Forwarded, ForwardedEvent, forwardedOf} from '../../detect/sigma/forwarded-event.ts';
import type {MatchableRules} from '../../detect/sigma/rule-matcher.ts';
import type {Tuning} from '../../detect/sigma/tuning.ts';
import {EntrySorter, type SortedEntries} from './entry-sorter.ts';
import {type Folded, foldCopies} from './fold-copies.ts';
import {correlationRecord} from './hit-record.ts';
import {mergeEntries} from './merge-entries.ts';
import type {ScanResult} from './scanner.ts';

export interface Correlating {
  readonly rules: MatchableRules;
  readonly shown: ReadonlySet<string>;
  readonly tuning: Tuning;
  readonly folder: string;
}

export interface CorrelatedHits {
  readonly hits: SortedEntries;
  readonly suppressed: number;
  /** Groups that were forgotten to stay small. */
  readonly evicted: number;
}

/** Windows whose end is awaited are looked at after so many events. */
const closeEvery = 1_000;

/**
 * Runs correlations over what single rules found in all files, in time order, each event once however many copies of
 * its log there are.
 */
export function correlate(results: readonly ScanResult[], {rules, shown, tuning, folder}: Correlating): CorrelatedHits {
  const correlations = new Correlations(rules.correlations, 0);
  const hits = new EntrySorter(folder, 'correlated');
  let suppressed = 0;
  let count = 0;
  const raise = (firings: readonly Firing[], file: number) => {
    for (const firing of firings) {
      const {head} = firing.node;
      if (!shown.has(head.id) || rules.silent.has(head.id)) continue;
      if (tuning.isSuppressed(head, firing.found)) {
        suppressed++;
        continue;
      }
      const record = correlationRecord(firing, firing.event.host, forwardedOf(firing.event));
      const key = `${head.id} ${count}`;
      hits.add({time: firing.time, file, place: count++, text: JSON.stringify({key, record})});
    }
  };
  for (const {entry, value} of feedsOf(results)) {
    const matched = value.fed.map(({id, fields}) => ({id, event: new ForwardedEvent(value, fields)}));
    raise(correlations.add(matched), entry.file);
    if (++count % closeEvery === 0) raise(correlations.close(entry.time), entry.file);
  }
  raise(correlations.close(Number.POSITIVE_INFINITY), 0);
  return {hits: hits.sorted(), suppressed, evicted: correlations.evicted};
}

function feedsOf(results: readonly ScanResult[]): Generator<Folded<Forwarded & {readonly key: string}>> {
  return foldCopies(mergeEntries(results.map(({feeds}) => feeds)));
}
