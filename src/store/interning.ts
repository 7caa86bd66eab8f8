import type {Origin} from '../event/event.ts';
import type {Database, SqlValue, Statement} from './engine.ts';

/**
 * Numbers for text that repeats: names, streams, series. Caches are bounded, and are cleared when a transaction was rolled back,
 * since they may hold what it had inserted.
 */
export class Interning {
  readonly #name: Lookup;
  readonly #stream: Lookup;
  readonly #series: Lookup;
  #byOrigin = new WeakMap<Origin, number>();

  constructor(database: Database) {
    this.#name = new Lookup(
      database.prepare('SELECT id FROM name WHERE text = ?'),
      database.prepare('INSERT INTO name (text) VALUES (?) RETURNING id'),
    );
    this.#stream = new Lookup(
      database.prepare(
        'SELECT id FROM stream WHERE agent = ? AND source = ? AND epoch = ? AND host = ? AND dataset = ?',
      ),
      database.prepare('INSERT INTO stream (agent, source, epoch, host, dataset) VALUES (?, ?, ?, ?, ?) RETURNING id'),
    );
    this.#series = new Lookup(
      database.prepare('SELECT id FROM series WHERE stream = ? AND name = ?'),
      database.prepare('INSERT INTO series (stream, name, unit) VALUES (?, ?, ?) RETURNING id'),
    );
  }

  name(text: string): number {
    return this.#name.cached(text) ?? this.#name.find(text, [text], [text]);
  }

  stream(origin: Origin): number {
    const known = this.#byOrigin.get(origin);
    if (known !== undefined) return known;
    const parts = [origin.agent, origin.source, origin.epoch, origin.host, origin.dataset];
    const key = JSON.stringify(parts);
    const id = this.#stream.cached(key) ?? this.#stream.find(key, parts, parts);
    this.#byOrigin.set(origin, id);
    return id;
  }

  series(stream: number, name: string, unit: string): number {
    const key = `${stream} ${name}`;
    return this.#series.cached(key) ?? this.#series.find(key, [stream, name], [stream, name, unit]);
  }

  clear(): void {
    this.#byOrigin = new WeakMap();
    for (const lookup of [this.#name, this.#stream, this.#series]) lookup.clear();
  }
}

const mostCached = 20_000;

class Lookup {
  readonly #select: Statement;
  readonly #insert: Statement;
  readonly #ids = new Map<string, number>();

  constructor(select: Statement, insert: Statement) {
    this.#select = select;
    this.#insert = insert;
  }

  cached(key: string): number | undefined {
    return this.#ids.get(key);
  }

  find(key: string, identity: readonly SqlValue[], row: readonly SqlValue[]): number {
    const found = this.#select.get(...identity) ?? this.#insert.get(...row);
    const id = Number(found?.id);
    if (this.#ids.size >= mostCached) this.#ids.clear();
    this.#ids.set(key, id);
    return id;
  }

  clear(): void {
    this.#ids.clear();
  }
}
