import {type Bound, bind} from '../query/bind.ts';
import {fieldNamed} from '../query/fields.ts';
import {isAscii} from '../query/fold.ts';
import type {CountRequest, QueryKind, QueryRequest} from '../query/request.ts';
import type {TimeContext} from '../query/time.ts';
import {wordsOf} from '../query/words.ts';
import {type Column, columnOf, type Table, tables} from './query-columns.ts';
import {condition, join, jsonPath, type Sql} from './query-condition.ts';
import {countedDimensions} from './query-traffic.ts';

/** A question, understood and in SQL, before it is decided how to carry it out. */
export interface Question {
  readonly kind: QueryKind;
  /** What rows must satisfy. */
  readonly where: Sql;
  /** What the full-text index is to be asked; undefined where the expression demands no word. */
  readonly words: string | undefined;
}

/** Rows between two places of the ordering time, for answers that are made a page at a time. */
export interface Page {
  readonly from?: number;
  /** Of the rows of the time `from`, those from this one on in the order of rows of one time. */
  readonly fromSeq?: string | number;
  readonly to?: number;
}

/** Throws a QueryError where the expression does not fit the kind. */
export function question(request: QueryRequest | CountRequest, times: TimeContext, page: Page = {}): Question {
  const {kind} = request;
  const table = tables[kind];
  const bound = request.where && bind(request.where, kind, times);
  const terms: Sql[] = [
    ...bounds(table, request, page),
    limit(table.seq, '>', 'afterSeq' in request ? request.afterSeq : undefined),
    page.from === undefined || page.fromSeq === undefined ? [] : [after(table, page.from, page.fromSeq)],
    bound ? [condition(bound, kind)] : [],
    kind === 'traffic' && 'by' in request ? [countedDimensions(request.by, bound)] : [],
  ].flat();
  return {
    kind,
    where: terms.length > 0 ? join(terms, ' AND ') : {text: '1', parameters: []},
    words: kind === 'logs' && bound ? demandedWords(bound) : undefined,
  };
}

/** How the rows are reached: by time, by store order, or by the full-text index. */
export type Access = 'time' | 'seq' | 'words';

/** A select of `columns`. A negative limit is none. */
export function select(asked: Question, columns: string, access: Access, order: 'ASC' | 'DESC', most: number): Sql {
  const table = tables[asked.kind];
  const body = from(asked, table, access, columns);
  const by = access === 'seq' ? `${table.seq} ${order}` : `${table.time} ${order}, ${table.seq} ${order}`;
  return {
    text: `SELECT ${columns} ${body.text} ORDER BY ${by} LIMIT ?`,
    parameters: [...body.parameters, most],
  };
}

/**
 * Counts by the keys' stored values. Ids of repeated texts are grouped as ids and looked up once a group. Columns are
 * `bucket`, `k0`, `k1` …, `n`.
 */
export function countSql(asked: Question, request: CountRequest, access: Access): Sql {
  const table = tables[asked.kind];
  const keys = request.by.map(name => keyOf(asked.kind, name));
  const bucket = bucketOf(table, request);
  const inner = [bucket, ...keys.map(key => key.sql)].map((key, index) => ({...key, text: `${key.text} AS g${index}`}));
  const columns = inner.map(key => key.text).join(', ');
  const body = from(asked, table, access, columns);
  const groups = inner.map((_, index) => `g${index}`).join(', ');
  const outer = keys.map((key, index) => `, ${key.shown(`g${index + 1}`)} AS k${index}`).join('');
  // Grouping sorts every row, even where there is but one group.
  const grouped = request.every === undefined && keys.length === 0 ? '' : `GROUP BY ${groups}`;
  return {
    text: `SELECT g0 AS bucket, n ${outer} FROM (SELECT ${columns}, ${table.weight} AS n ${body.text} ${grouped})`,
    parameters: [...inner.flatMap(key => key.parameters), ...body.parameters],
  };
}

/** How many rows the full-text index has for the words, counted to `most`. */
export function wordHits(words: string, most: number): Sql {
  return {
    text: 'SELECT count(*) AS n FROM (SELECT 1 FROM log_text WHERE log_text MATCH ? LIMIT ?)',
    parameters: [words, most],
  };
}

/** One bound a side: of two on the same column SQLite would search by either, and read all up to the other. */
function bounds(table: Table, {since, until}: QueryRequest | CountRequest, {from, to}: Page): Sql[][] {
  const lower = limit(
    table.time,
    '>=',
    since === undefined || from === undefined ? (since ?? from) : Math.max(since, from),
  );
  if (table.begin !== table.time) return [lower, limit(table.begin, '<', until), limit(table.time, '<', to)];
  return [lower, limit(table.time, '<', until === undefined || to === undefined ? (until ?? to) : Math.min(until, to))];
}

function limit(column: string, comparison: string, value: number | undefined): Sql[] {
  return value === undefined ? [] : [{text: `${column} ${comparison} ?`, parameters: [value]}];
}

function after({time, seq}: Table, from: number, fromSeq: string | number): Sql {
  return {text: `(${time} > ? OR ${seq} >= ?)`, parameters: [from, fromSeq]};
}

/** LIMIT keeps the select whole. */
const hits = 'SELECT rowid AS seq FROM log_text WHERE log_text MATCH ? LIMIT -1';

function from({where, words}: Question, table: Table, access: Access, columns: string): Sql {
  // SQLite looks up what is joined for every row, needed or not.
  const needed = /(?:^|[^.\w])(?:stream|series|alert)\./.test(`${columns} ${where.text}`);
  const join = needed ? table.join : '';
  if (access === 'words' && words !== undefined)
    // CROSS JOIN keeps SQLite from beginning with the table: the few hits of the index come first. The index is a view
    // over parts: asked on its own, each part answers by itself.
    return {
      text: `FROM (${hits}) AS hit CROSS JOIN log ON log.seq = hit.seq ${join} WHERE ${where.text}`,
      parameters: [words, ...where.parameters],
    };
  return {text: `FROM ${table.from} ${join} WHERE ${where.text}`, parameters: where.parameters};
}

interface Key {
  readonly sql: Sql;
  readonly shown: (group: string) => string;
}

function keyOf(kind: QueryKind, name: string): Key {
  const field = fieldNamed(name, kind, 0);
  const column: Column = columnOf(kind, field.name);
  switch (column.form) {
    case 'lookup':
      return {
        sql: {text: column.sql, parameters: []},
        shown: group => `(SELECT ${column.text} FROM ${column.from} WHERE ${column.id} = ${group})`,
      };
    case 'json':
      return {sql: {text: `${column.sql} -> ?`, parameters: [jsonPath(field.name)]}, shown: group => group};
    default:
      return {sql: {text: column.sql, parameters: []}, shown: group => group};
  }
}

/** Buckets of what lasts are those it began in, or the first asked for. */
function bucketOf(table: Table, {every, origin = 0, since}: CountRequest): Sql {
  if (every === undefined) return {text: 'NULL', parameters: []};
  const clipped = table.begin !== table.time && since !== undefined;
  const begun: Sql = clipped
    ? {text: `max(${table.begin}, ?)`, parameters: [since]}
    : {text: table.begin, parameters: []};
  return {
    // % keeps the sign of its left side: a second one brings times before the origin into their bucket.
    text: `(${begun.text} - ((${begun.text} - ?) % ? + ?) % ?)`,
    parameters: [...begun.parameters, ...begun.parameters, origin, every, every, every],
  };
}

/**
 * What the full-text index must have for a row to match: words demanded by the whole expression or by every term of an
 * `or`. The index decides by letters as it knows them, so only plain ASCII words are asked for, and each hit is checked.
 */
function demandedWords(bound: Bound): string | undefined {
  switch (bound.type) {
    case 'and': {
      const demanded = bound.terms.map(demandedWords).filter(term => term !== undefined);
      return demanded.length > 0 ? demanded.map(term => `(${term})`).join(' AND ') : undefined;
    }
    case 'or': {
      const demanded = bound.terms.map(demandedWords);
      return demanded.every(term => term !== undefined) ? demanded.map(term => `(${term})`).join(' OR ') : undefined;
    }
    case 'not':
      return undefined;
    case 'test': {
      if (bound.test.is !== 'words' || bound.field.name !== 'message') return undefined;
      const words = wordsOf(bound.test.search).filter(word => isAscii(word.text));
      return words.length > 0 ? words.map(word => `"${word.text}"${word.prefix ? '*' : ''}`).join(' AND ') : undefined;
    }
    default:
      return bound satisfies never;
  }
}
