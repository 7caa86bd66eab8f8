import {cellWidth} from '../../event/cell-width.ts';
import type {EcsRecord} from '../../event/ecs.ts';
import {alertLevels} from '../../event/level.ts';
import {sanitizeLine} from '../../event/sanitize.ts';
import {timeText} from '../output/table.ts';
import {Tally} from './tally.ts';

const mostLines = 10;

/** Counts hits by level, rule, technique, host and date. */
export class Summary {
  hits = 0;
  /** Findings that copies of logs gave again. */
  repeated = 0;
  readonly #utc: boolean;
  readonly #levels = new Tally();
  readonly #rules = new Tally();
  readonly #techniques = new Tally();
  readonly #hosts = new Tally();
  readonly #dates = new Tally();

  constructor(utc: boolean) {
    this.#utc = utc;
  }

  get rules(): number {
    return this.#rules.size;
  }

  add(record: EcsRecord, copies: number): void {
    this.hits++;
    this.repeated += copies - 1;
    const level = String(record['rule.level']);
    this.#levels.add(level);
    this.#rules.add(`${level}\t${record['rule.name']}`);
    this.#hosts.add(String(record['host.name']));
    this.#dates.add(timeText(Date.parse(String(record['@timestamp'])), this.#utc).slice(0, 10));
    const techniques = record['threat.technique.id'];
    if (typeof techniques === 'object') for (const id of techniques) this.#techniques.add(id);
  }

  /** One block for each thing that is counted; empty where there is no hit. */
  lines(): readonly string[] {
    if (this.hits === 0) return [];
    const levels = new Map(this.#levels.entries());
    const ordered = [...alertLevels].reverse().flatMap(level => {
      const count = levels.get(level);
      return count === undefined ? [] : [`${level} ${count.toLocaleString('en')}`];
    });
    return [
      `By level: ${ordered.join(', ')}`,
      ...block('By rule', this.#rules),
      ...block('By ATT&CK technique', this.#techniques),
      ...block('By host', this.#hosts),
      ...block('By date', this.#dates),
    ];
  }
}

/** The largest counts, a line each, and how many more there are. */
export function block(title: string, tally: Tally, most = mostLines): string[] {
  if (tally.size === 0) return [];
  const shown = tally.largest(most).map(([name, count]) => [count.toLocaleString('en'), ...name.split('\t')]);
  const more = tally.size - shown.length;
  return [`${title}:`, ...aligned(shown), ...(more > 0 ? [`  and ${more} more`] : [])];
}

/** Columns of text; the first is of numbers. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const safe = rows.map(row => row.map(sanitizeLine));
  const widths = (safe[0] ?? []).map((_, column) => Math.max(...safe.map(row => cellWidth(row[column] ?? ''))));
  return safe.map(row =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(Math.max(0, (widths[column] ?? 0) - cellWidth(cell)));
        return column === 0 ? `  ${space}${cell}` : `  ${cell}${space}`;
      })
      .join('')
      .trimEnd(),
  );
}
