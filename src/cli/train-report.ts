import type {TrainingProgress, Worth} from '../detect/surprise/train/job.ts';
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

/** What was learned, as two columns; then, where there was a model before, how the two compare and which is kept. */
export function reportTable(report: TrainingReport): string {
  const {path, corpus, model, outcome} = report;
  const {choices, mix} = outcome;
  const own = choices.length === 0 ? '' : `, ${choices.length} programs have their own`;
  const rows: readonly (readonly string[])[] = [
    ['Model', path],
    ['Events', number(corpus.events)],
    [
      'Sequences',
      `${number(corpus.sequences)}, ${number(corpus.distinct)} different, ${number(corpus.leftOut)} left out`,
    ],
    ['Symbols', `${number(corpus.symbols)}, ${number(model.vocabulary.length)} words in the vocabulary`],
    ['Verdicts', verdictText(report)],
    ['Epochs', `${outcome.epochs} kept; ${endings[outcome.stoppedBy]}`],
    ['Training loss', `${outcome.trainLoss.toFixed(3)} nats an event`],
    ['Held-out loss', `${outcome.heldOutLoss.toFixed(3)} nats an event`],
    ['Held-out false alarms', `${(outcome.falseAlarmRate * 100).toFixed(3)} % of events, by the network alone`],
    ['Threshold', `${outcome.threshold.toFixed(1)} nats and not among the ${outcome.rank} likeliest`],
    ['Weight in the mixture', `${Math.round(mix * 100)} %, the rest is the online n-gram${own}`],
    ['Computed with', `TensorFlow.js, ${outcome.backend}`],
    ['Took', `${outcome.seconds.toFixed(1)} s`],
  ];
  return `${columns(rows)}\n\n${comparison(report)}`;
}

function verdictText({corpus, outcome}: TrainingReport): string {
  const {notLearned, learnedMore} = corpus;
  const entries = `${number(notLearned)} entries of true alerts left out, ${number(learnedMore)} of false ones learned more`;
  const {head} = outcome;
  if (!head) return entries;
  return `${entries}; ${head.alerts} closed alerts teach to hold back ${head.held} of ${head.alerts - head.truths} false ones`;
}

/** Both models on the same held-out history that neither was chosen on. */
function comparison({old, kept, written, corpus, outcome}: TrainingReport): string {
  const {worth, rival} = outcome;
  const aDay = ({alertRate}: Worth) => (alertRate * corpus.eventsADay).toFixed(1);
  const nats = ({nats: value}: Worth) => value.toFixed(3);
  const alone = ({aloneNats: value}: Worth) => value.toFixed(3);
  if (!rival || !old) {
    return written ? 'There was no model before: this one is kept.' : 'There is no model yet. Nothing was written.';
  }
  const table = columns([
    ['Held-out history', 'old', 'new'],
    ['Trained', old.facts.trainedAt.slice(0, 16), 'now'],
    ['Nats an event', nats(rival), nats(worth)],
    ['… by the network alone', alone(rival), alone(worth)],
    ['Over the limit, a day', aDay(rival), aDay(worth)],
  ]);
  const better = kept === 'new' ? 'The new model is better' : 'The old model is not worse';
  const done = kept === 'new' ? 'it replaces the old one.' : 'it stays.';
  return `${table}\n${better}: ${written ? done : 'nothing was written.'}`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
