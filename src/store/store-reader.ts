import type {Micros} from '../event/event.ts';
import type {Expression} from '../query/expression.ts';
import type {CountRequest, QueryKind, QueryRequest, QueryRow} from '../query/request.ts';
import type {TimeContext} from '../query/time.ts';
import {alertWithChanges} from './alert-rows.ts';
import type {Database, SqlRow} from './engine.ts';
import {hasFullText} from './full-text.ts';
import {tables} from './query-columns.ts';
import type {Sql} from './query-condition.ts';
import {addCounts, sortedCounts} from './query-counts.ts';
import {registerQueryFunctions} from './query-functions.ts';
import {rowColumns, toRow} from './query-rows.ts';
import {type Access, countSql, type Page, type Question, question, select, wordHits} from './query-sql.ts';
import type {CountRow, Holdings, StoreReader} from './reader.ts';
import {userSql} from './user-sql.ts';

/**
 * Answers questions from one connection, which it owns. `times` is what zoneless times within expressions are read
 * against.
 */
export class SqlReader implements StoreReader {
  private readonly database: Database;
  private readonly times: () => TimeContext;
  private readonly indexed: boolean;

  constructor(database: Database, times: () => TimeContext = localTimes) {
    this.database = database;
    this.times = times;
    this.indexed = hasFullText(database);
    registerQueryFunctions(database);
  }

  rows(request: QueryRequest, page: Page = {}): readonly QueryRow[] {
    const {limit, afterSeq, reverse = false} = request;
    const asked = this.ask(request, page);
    if (afterSeq !== undefined) {
      const found = this.select(asked, 'seq', 'ASC', limit);
      return reverse ? found.reverse() : found;
    }
    const newestFirst = this.select(asked, this.accessTo(asked, request, page), 'DESC', limit);
    return reverse ? newestFirst : newestFirst.reverse();
  }

  *iterate(request: QueryRequest): IterableIterator<QueryRow> {
    const {kind, reverse = false, limit} = request;
    const first = reverse ? undefined : this.firstOfNewest(request);
    const asked = this.ask(request, {from: first?.time, fromSeq: first?.seq});
    const {text, parameters} = select(asked, rowColumns(kind), 'time', reverse ? 'DESC' : 'ASC', limit);
    for (const row of this.database.prepare(text).iterate(...parameters)) yield toRow(kind, row);
  }

  count(request: CountRequest, page: Page = {}): readonly CountRow[] {
    return sortedCounts(this.addCounts(request, page, new Map()), request.limit);
  }

  /** Adds a page's counts to those of others: see `sortedCounts`. */
  addCounts(request: CountRequest, page: Page, counts: Map<string, CountRow>): Map<string, CountRow> {
    const within = this.withoutNeedlessTimes(request);
    const asked = question(within, this.times(), page);
    const {text, parameters} = countSql(asked, within, this.accessTo(asked, within, page));
    return addCounts(counts, request, this.database.prepare(text).iterate(...parameters));
  }

  alert(idPrefix: string): ReturnType<StoreReader['alert']> {
    return alertWithChanges(this.database, idPrefix);
  }

  /** Up to `n` rows before a moment and `n` from it on that satisfy `where`, oldest first, at most `within` away from it. */
  around(kind: QueryKind, moment: Micros, n: number, within?: Micros, where?: Expression): readonly QueryRow[] {
    const [since, until] = within === undefined ? [undefined, undefined] : [moment - within, moment + within + 1];
    const asked = {kind, limit: n, ...(where && {where})};
    const before = this.rows({...asked, until: moment, ...(since === undefined ? {} : {since})});
    const later = {...asked, since: moment, ...(until === undefined ? {} : {until})};
    const after = question(later, this.times());
    return [...before, ...this.select(after, 'time', 'ASC', n)];
  }

  holdings(kind: QueryKind, since?: number, until?: number): Holdings {
    const {from, time} = tables[kind];
    const {where} = question({kind, since, until, limit: 1}, this.times());
    const ends = since === undefined && until === undefined ? this.ends(kind) : undefined;
    // Both ends in one statement would read every row; each alone is one step in the index.
    const columns = ends ? 'count(*) AS n' : `count(*) AS n, min(${time}) AS oldest, max(${time}) AS newest`;
    const row = this.get({text: `SELECT ${columns} FROM ${from} WHERE ${where.text}`, parameters: where.parameters});
    const found = {...row, ...ends};
    const rows = Number(row?.n ?? 0);
    return rows === 0 ? {rows} : {rows, oldest: Number(found.oldest), newest: Number(found.newest)};
  }

  /** The first and the last ordering time stored; neither where nothing is. */
  ends(kind: QueryKind): {oldest?: Micros; newest?: Micros} {
    const {from, time} = tables[kind];
    const text = `SELECT (SELECT min(${time}) FROM ${from}) AS oldest, (SELECT max(${time}) FROM ${from}) AS newest`;
    const row = this.get({text, parameters: []});
    return typeof row?.oldest === 'number' ? {oldest: row.oldest, newest: Number(row.newest)} : {};
  }

  newestSequence(kind: QueryKind): number {
    const {from, seq} = tables[kind];
    return Number(this.get({text: `SELECT max(${seq}) AS seq FROM ${from}`, parameters: []})?.seq ?? 0);
  }

  sql(statement: string, limit: number): ReturnType<StoreReader['sql']> {
    return userSql(this.database, statement, limit);
  }

  /** Whether an answer may have to look at very many rows to find few: then it had better be asked a page at a time. */
  mayTakeLong(request: QueryRequest): boolean {
    if (request.where === undefined || request.afterSeq !== undefined) return false;
    return this.accessTo(this.ask(request, {}), request, {}) === 'time';
  }

  /** Where a page of about `rows` rows that ends before `before` begins; undefined where fewer are left. */
  pageStart(kind: QueryKind, before: Micros, rows: number): Micros | undefined {
    const {from, time} = tables[kind];
    const text = `SELECT ${time} AS t FROM ${from} WHERE ${time} < ? ORDER BY ${time} DESC LIMIT 1 OFFSET ?`;
    const row = this.get({text, parameters: [before, rows]});
    return row === undefined ? undefined : Number(row.t);
  }

  close(): void {
    this.database.close();
  }

  private ask(request: QueryRequest, page: Page): Question {
    return question(request, this.times(), page);
  }

  private select(asked: Question, access: Access, order: 'ASC' | 'DESC', most: number): QueryRow[] {
    const {text, parameters} = select(asked, rowColumns(asked.kind), access, order, most);
    return this.database
      .prepare(text)
      .all(...parameters)
      .map(row => toRow(asked.kind, row));
  }

  /** The full-text index pays where its hits are few and the time asked for holds many rows. */
  private accessTo(asked: Question, request: {since?: Micros; until?: Micros}, page: Page): Access {
    if (asked.words === undefined || !this.indexed || page.from !== undefined) return 'time';
    const rows = question({kind: 'logs', limit: fewRows, ...span(request)}, this.times());
    const few = this.get({
      text: `SELECT count(*) AS n FROM (SELECT 1 FROM log WHERE ${rows.where.text} LIMIT ?)`,
      parameters: [...rows.where.parameters, fewRows],
    });
    if (Number(few?.n) < fewRows) return 'time';
    return Number(this.get(wordHits(asked.words, fewHits))?.n) < fewHits ? 'words' : 'time';
  }

  /** The first of the newest `limit` rows, so that they can be read from there on; undefined where there are fewer. */
  private firstOfNewest(request: QueryRequest): {time: Micros; seq: string | number} | undefined {
    const {time, seq} = tables[request.kind];
    const {text, parameters} = select(this.ask(request, {}), `${time} AS t, ${seq} AS s`, 'time', 'DESC', 1);
    const row = this.get({text: `${text} OFFSET ?`, parameters: [...parameters, Math.max(0, request.limit - 1)]});
    if (row === undefined) return undefined;
    return {time: Number(row.t), seq: typeof row.s === 'string' ? row.s : Number(row.s)};
  }

  /** A range that holds everything is left out: reading a table through is faster than through its index. */
  private withoutNeedlessTimes(request: CountRequest): CountRequest {
    const {oldest, newest} = this.ends(request.kind);
    const {since, until, ...rest} = request;
    const lasts = tables[request.kind].begin !== tables[request.kind].time;
    if (lasts || since === undefined || oldest === undefined || newest === undefined) return request;
    return since <= oldest && (until === undefined || until > newest) ? rest : request;
  }

  private get({text, parameters}: Sql): SqlRow | undefined {
    return this.database.prepare(text).get(...parameters);
  }
}

/** Below these, looking at each row in time order is fast enough. */
const fewRows = 50_000;
const fewHits = 20_000;

function span({since, until}: {since?: Micros; until?: Micros}): {since?: Micros; until?: Micros} {
  return {since, until};
}

function localTimes(): TimeContext {
  return {now: Date.now() * 1000, utc: false};
}
