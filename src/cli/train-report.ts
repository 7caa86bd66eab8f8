import type {TrainingProgress} from '../detect/surprise/train/job.ts';
import type {TrainingReport} from '../detect/surprise/train/train-model.ts';

const endings = {
  epochs: 'all epochs done',
  'no gain': 'the held-out loss fell no more',
  time: 'the time was used up',
  user: 'stopped',
} as const;

/** One epoch in a line. */
export function progressLine(progress: TrainingProgress): string {
  const {epoch, epochs, trainLoss, heldOutLoss, secondsLeft} = progress;
  const left = secondsLeft < 1 ? '' : `, ${Math.round(secondsLeft)} s left at most`;
  return `Epoch ${epoch} of ${epochs}: loss ${trainLoss.toFixed(3)}, held out ${heldOutLoss.toFixed(3)}${left}`;
}

/** What was learned, as two columns. */
export function reportTable({path, corpus, model, outcome}: TrainingReport): string {
  const number = (value: number): string => value.toLocaleString('en');
  const rows: readonly (readonly [string, string])[] = [
    ['Model', path],
    ['Events', number(corpus.events)],
    [
      'Sequences',
      `${number(corpus.sequences)}, ${number(corpus.distinct)} different, ${number(corpus.leftOut)} left out`,
    ],
    ['Symbols', `${number(corpus.symbols)}, ${number(model.vocabulary.length)} in the vocabulary`],
    ['Epochs', `${outcome.epochs} kept; ${endings[outcome.stoppedBy]}`],
    ['Training loss', `${outcome.trainLoss.toFixed(3)} nats an event`],
    ['Held-out loss', `${outcome.heldOutLoss.toFixed(3)} nats an event`],
    ['Held-out false alarms', `${(outcome.falseAlarmRate * 100).toFixed(3)} % of events, by the network alone`],
    ['Threshold', `${outcome.threshold.toFixed(1)} nats and not among the ${outcome.rank} likeliest`],
    ['Weight in the mixture', `${Math.round(outcome.mix * 100)} %, the rest is the online n-gram`],
    ['Computed with', `TensorFlow.js, ${outcome.backend}`],
    ['Took', `${outcome.seconds.toFixed(1)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
