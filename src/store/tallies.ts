import {hour} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {type Level, levelName} from '../event/level.ts';
import type {Database, Statement} from './engine.ts';
import type {AnomalyRow, TallyDimension, TallyRow} from './sink.ts';

/** What stands for all values of an hour and dimension beyond the first thousand, which an attacker could make up. */
export const otherValues = '(other)';
const mostValues = 1_000;
const longestValue = 256;

/**
 * Adds up a transaction's events by hour, and writes the sums within that transaction. `anomalies` has one value,
 * `all`.
 */
export class Tallies {
  readonly #add: Statement;
  readonly #values: Statement;
  readonly #sums = new Map<Micros, HourSums>();
  readonly #known = new Map<string, Set<string>>();
  #last: HourSums = newHour();
  #lastHour = Number.NaN;

  constructor(database: Database) {
    this.#add = database.prepare(
      'INSERT INTO tally (hour, dimension, value, count) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
    );
    this.#values = database.prepare(`SELECT value FROM tally WHERE hour = ? AND dimension = ? LIMIT ${mostValues}`);
  }

  log(time: Micros, level: Level, provider: string, code: number): void {
    const sums = this.#hour(time);
    sums.levels[level] = (sums.levels[level] ?? 0) + 1;
    sums.providers.set(provider, (sums.providers.get(provider) ?? 0) + 1);
    sums.codes.set(code, (sums.codes.get(code) ?? 0) + 1);
  }

  anomaly(row: AnomalyRow): void {
    this.add({hour: row.time, dimension: 'anomaly-type', value: row.category, count: row.count});
    this.add({hour: row.time, dimension: 'anomalies', value: 'all', count: row.count});
  }

  add(row: TallyRow): void {
    const {others} = this.#hour(row.hour);
    const values = others.get(row.dimension) ?? new Map<string, number>();
    others.set(row.dimension, values);
    values.set(row.value, (values.get(row.value) ?? 0) + row.count);
  }

  /** Writes the sums and forgets them. */
  flush(): void {
    for (const [start, sums] of this.#sums) {
      sums.levels.forEach((count, level) => {
        if (count > 0) this.#add.run(start, 'level', levelName(level as Level), count);
      });
      this.#write(start, 'source', sums.providers);
      this.#write(start, 'event-id', sums.codes);
      for (const [dimension, values] of sums.others) this.#write(start, dimension, values);
    }
    this.#forgetSums();
  }

  /** After a rollback. */
  clear(): void {
    this.#forgetSums();
    this.#known.clear();
  }

  #write(start: Micros, dimension: TallyDimension, values: ReadonlyMap<string | number, number>): void {
    if (values.size === 0) return;
    const known = this.#knownValues(start, dimension);
    for (const [value, count] of values) {
      const text = String(value).slice(0, longestValue);
      const room = known.has(text) || known.size < mostValues;
      if (room) known.add(text);
      this.#add.run(start, dimension, room ? text : otherValues, count);
    }
  }

  #knownValues(start: Micros, dimension: TallyDimension): Set<string> {
    const key = `${start} ${dimension}`;
    const found = this.#known.get(key);
    if (found) return found;
    if (this.#known.size >= mostHours) this.#known.clear();
    const values = new Set(this.#values.all(start, dimension).map(row => String(row.value)));
    this.#known.set(key, values);
    return values;
  }

  #hour(time: Micros): HourSums {
    const start = time - (((time % hour) + hour) % hour);
    if (start === this.#lastHour) return this.#last;
    const sums = this.#sums.get(start) ?? newHour();
    this.#sums.set(start, sums);
    this.#last = sums;
    this.#lastHour = start;
    return sums;
  }

  #forgetSums(): void {
    this.#sums.clear();
    this.#lastHour = Number.NaN;
  }
}

const mostHours = 64;

interface HourSums {
  readonly levels: number[];
  readonly providers: Map<string, number>;
  readonly codes: Map<number, number>;
  readonly others: Map<TallyDimension, Map<string, number>>;
}

function newHour(): HourSums {
  return {levels: [0, 0, 0, 0, 0, 0, 0, 0], providers: new Map(), codes: new Map(), others: new Map()};
}
