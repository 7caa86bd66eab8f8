import {type SequenceSet, sequenceAt, sequenceCount} from './job.ts';

/** Some sequences of like length, padded: what is given, what is to be predicted, and how much each place weighs. */
export interface Batch {
  readonly rows: number;
  readonly columns: number;
  /** [rows · columns] */
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
  /** Sum 1 over a batch of average weight; 0 where padded, or context only. */
  readonly weights: Float32Array;
  /** Their sum. */
  readonly total: number;
}

/** Groups the sequences by length into batches, so that little is padded. The order is the same for the same set. */
export function makeBatches(set: SequenceSet, size: number): Batch[] {
  const order = Array.from({length: sequenceCount(set)}, (_, index) => index);
  order.sort((a, b) => sequenceAt(set, a).length - sequenceAt(set, b).length || a - b);
  const batches: Batch[] = [];
  for (let at = 0; at < order.length; at += size) batches.push(makeBatch(set, order.slice(at, at + size)));
  return normalised(batches.filter(batch => batch.columns > 0));
}

function normalised(batches: readonly Batch[]): Batch[] {
  const mean = batches.reduce((sum, {total}) => sum + total, 0) / Math.max(1, batches.length);
  return batches.map(batch => {
    const weights = batch.weights.map(weight => weight / Math.max(mean, 1e-9));
    return {...batch, weights, total: batch.total / Math.max(mean, 1e-9)};
  });
}

function makeBatch(set: SequenceSet, indexes: readonly number[]): Batch {
  const rows = indexes.length;
  const columns = Math.max(...indexes.map(index => sequenceAt(set, index).length)) - 1;
  const inputs = new Int32Array(rows * columns);
  const targets = new Int32Array(rows * columns);
  const weights = new Float32Array(rows * columns);
  let total = 0;
  indexes.forEach((index, row) => {
    const sequence = sequenceAt(set, index);
    // Less than the count: by the count itself the few commonest sequences would drown what is rare but normal.
    const weight = (set.counts[index] ?? 1) ** 0.75;
    for (let column = 0; column + 1 < sequence.length; column++) {
      const at = row * columns + column;
      inputs[at] = sequence[column] ?? 0;
      targets[at] = sequence[column + 1] ?? 0;
      if (column + 1 < (set.firstTargets[index] ?? 1)) continue;
      weights[at] = weight;
      total += weight;
    }
  });
  return {rows, columns, inputs, targets, weights, total};
}
