import {hostname} from 'node:os';
import {SourceError} from '../../capture/source.ts';
import {type Explanation, explain} from '../../detect/sigma/explain.ts';
import {EventReader} from '../../detect/sigma/logsource/event-reader.ts';
import {isAbout, type ViewedEvent} from '../../detect/sigma/logsource/view.ts';
import type {DetectionRule, Expression} from '../../detect/sigma/rule.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import {timeText} from '../output/table.ts';
import {readTarget} from '../scan/read-target.ts';
import {block} from '../scan/summary.ts';
import {Tally} from '../scan/tally.ts';
import type {TestContext} from './test-context.ts';

/** Shows events that the rule is about, part by part: those that fire, then those that come nearest. Gives whether one fires. */
export async function explainDetection(rule: DetectionRule, context: TestContext): Promise<boolean> {
  const {rules, output} = context;
  const expression =
    rules.set.detections.find(({rule: {head}}) => head.id === rule.head.id)?.expression ?? rule.expression;
  const found = new Explained(expression, context.most);
  for await (const {views, label} of seenEvents(context)) {
    const about = views.filter(({view}) => isAbout(view, rule.logsource));
    if (about.length === 0) found.others.add(label);
    else found.take(about, event => rules.set.tuning.isSuppressed(rule.head, event));
  }
  await output.write(
    `${[`${rule.head.title} (${rule.head.level}, ${rule.head.id})`, ...found.lines(context.utc)].join('\n')}\n`,
  );
  return found.fired > 0;
}

async function* seenEvents({
  targets,
  config: {settings},
}: TestContext): AsyncGenerator<{readonly views: readonly ViewedEvent[]; readonly label: string}> {
  for (const {path} of targets) {
    const reader = new EventReader();
    const setup = {host: hostname(), settings, maxLine: settings.sources.max_line};
    try {
      for await (const {events} of readTarget(path, setup, () => {})) {
        for (const event of events) {
          const seen = reader.read(event);
          if (seen.length === 0) yield {views: [], label: 'measurements'};
          for (const {views} of seen) yield {views, label: views[0]?.view.name ?? event.origin.dataset};
        }
      }
      for (const {views} of reader.finish()) yield {views, label: views[0]?.view.name ?? ''};
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      process.stderr.write(`Not read: ${error.message}\n`);
      process.exitCode = 3;
    }
  }
}

interface Shown {
  readonly event: ViewedEvent;
  readonly explanation: Explanation;
  /** The part of the rule's comparisons that hold, 0 to 1. */
  readonly nearness: number;
}

class Explained {
  fired = 0;
  suppressed = 0;
  missed = 0;
  /** Events that the rule is not about, by kind. */
  readonly others = new Tally(1_000);
  readonly #expression: Expression;
  readonly #most: number;
  readonly #firing: Shown[] = [];
  #near: Shown[] = [];

  constructor(expression: Expression, most: number) {
    this.#expression = expression;
    this.#most = most;
  }

  /** An event as each kind of log that it is and the rule is about. */
  take(views: readonly ViewedEvent[], isSuppressed: (event: ViewedEvent) => boolean): void {
    const shown = views.map((event): Shown => {
      const explanation = explain(this.#expression, event);
      return {event, explanation, nearness: nearness(explanation)};
    });
    const firing = shown.find(({explanation}) => explanation.holds);
    const nearest = firing ?? shown.sort((left, right) => right.nearness - left.nearness)[0];
    if (!nearest) return;
    if (firing) {
      if (isSuppressed(firing.event)) this.suppressed++;
      else this.fired++;
      if (this.#firing.length < this.#most) this.#firing.push(firing);
      return;
    }
    this.missed++;
    if (this.#near.length >= this.#most && nearest.nearness <= (this.#near.at(-1)?.nearness ?? 1)) return;
    this.#near = [...this.#near, nearest].sort((left, right) => right.nearness - left.nearness).slice(0, this.#most);
  }

  lines(utc: boolean): readonly string[] {
    const suppressed = this.suppressed > 0 ? `, ${this.suppressed} suppressed by tuning` : '';
    return [
      `Fires on ${this.fired} events, not on ${this.missed}${suppressed}; of other kinds are ${this.others.total}.`,
      ...this.#firing.flatMap(shown => shownLines('fires', shown, utc)),
      ...this.#near.flatMap(shown => shownLines('does not fire', shown, utc)),
      ...(this.fired + this.missed + this.suppressed === 0
        ? block('The rule’s logsource is not that of any event here; these are', this.others)
        : []),
    ];
  }
}

function shownLines(word: string, {event, explanation}: Shown, utc: boolean): string[] {
  const {event: source, view, time, host} = event;
  const message = source.kind === 'log' ? source.message : '';
  const record = source.kind === 'log' ? (source.fields?.['winlog.record_id'] ?? source.position) : source.position;
  const head = `${timeText(time / 1_000, utc)}  ${host}  ${view.name}  record ${record}: ${word}`;
  return ['', sanitizeLine(head), `  ${sanitizeLine(message.slice(0, 200))}`, ...treeLines(explanation, 1)];
}

function treeLines({text, holds, found, parts}: Explanation, depth: number): string[] {
  const value = found === undefined ? '' : `   found: ${found}`;
  return [
    `${'  '.repeat(depth)}${holds ? 'yes' : 'no '}  ${sanitizeLine(text + value)}`,
    ...parts.flatMap(part => treeLines(part, depth + 1)),
  ];
}

function nearness({holds, parts}: Explanation): number {
  if (holds) return 1;
  return parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + nearness(part), 0) / (parts.length + 1);
}
