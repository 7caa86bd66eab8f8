import type {Database as Raw, Statement as RawStatement} from 'sql.js';
import type {SqlRow, SqlValue, Statement} from './engine.ts';

/** What a statement needs of its connection. `raw` changes when a reader takes up a newer export. */
export interface SqljsHost {
  raw(): Raw;
  /** Called before rows are read, unless rows are being read already. */
  refresh(): void;
  /** Runs a statement that changes the database; gives the number of changed rows. */
  change(sql: string, parameters: readonly SqlValue[], run: () => void): number;
  /** How many results are being read. */
  reading: number;
}

// What is prepared takes memory that the garbage collector does not see.
const unused = new FinalizationRegistry<RawStatement>(statement => statement.free());

/** Prepared when first used, and again when the connection got another database under it. */
export class SqljsStatement implements Statement {
  readonly #host: SqljsHost;
  readonly #sql: string;
  readonly #changes: boolean;
  #raw: Raw | undefined;
  #statement: RawStatement | undefined;
  #columns: readonly string[] = [];

  constructor(host: SqljsHost, sql: string) {
    this.#host = host;
    this.#sql = sql;
    this.#changes = changesDatabase(sql);
    this.#prepared();
  }

  run(...parameters: SqlValue[]): {changes: number} {
    const statement = this.#prepared();
    return {changes: this.#host.change(this.#sql, parameters, () => statement.run(parameters))};
  }

  all(...parameters: SqlValue[]): SqlRow[] {
    if (!this.#changes) return [...this.iterate(...parameters)];
    const rows: SqlRow[] = [];
    const statement = this.#prepared();
    this.#host.change(this.#sql, parameters, () => {
      statement.bind(parameters);
      while (statement.step()) rows.push(this.#row(statement));
      statement.reset();
    });
    return rows;
  }

  get(...parameters: SqlValue[]): SqlRow | undefined {
    if (this.#changes) return this.all(...parameters)[0];
    for (const row of this.iterate(...parameters)) return row;
    return undefined;
  }

  *iterate(...parameters: SqlValue[]): IterableIterator<SqlRow> {
    if (this.#host.reading === 0) this.#host.refresh();
    const statement = this.#prepared();
    this.#host.reading++;
    try {
      statement.bind(parameters);
      while (statement.step()) yield this.#row(statement);
    } finally {
      this.#host.reading--;
      statement.reset();
    }
  }

  columns(): readonly string[] {
    this.#prepared();
    return this.#columns;
  }

  #prepared(): RawStatement {
    const raw = this.#host.raw();
    if (this.#statement && this.#raw === raw) return this.#statement;
    this.#raw = raw;
    this.#statement = raw.prepare(this.#sql);
    unused.register(this, this.#statement);
    this.#columns = this.#statement.getColumnNames();
    return this.#statement;
  }

  #row(statement: RawStatement): SqlRow {
    const values = statement.get();
    const row: SqlRow = {};
    for (let i = 0; i < values.length; i++) row[this.#columns[i] ?? ''] = values[i] ?? null;
    return row;
  }
}

const changing = /^(INSERT|REPLACE|UPDATE|DELETE|CREATE|DROP|ALTER|REINDEX)$/;

/** Whether a statement may change what is stored. `WITH` does if a changing word occurs: at worst a read is kept too. */
export function changesDatabase(sql: string): boolean {
  const word = firstWord(sql);
  if (word === 'WITH') return /\b(INSERT|REPLACE|UPDATE|DELETE)\b/i.test(sql);
  // Other pragmas set up the connection, or move free pages about, which a replay need not repeat.
  if (word === 'PRAGMA') return /^\W*PRAGMA\s+(\w+\.)?(user_version|application_id)\s*=/i.test(sql);
  return changing.test(word);
}

/** Insert, update and delete count what they change; definitions do not. */
export function countsChanges(sql: string): boolean {
  return /^(INSERT|REPLACE|UPDATE|DELETE|WITH)$/.test(firstWord(sql));
}

/** The first word of a statement in capitals, past blanks and comments. */
export function firstWord(sql: string): string {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
}
