import {errorText} from '../event/error-code.ts';
import type {QueryRow} from '../query/request.ts';
import type {Database, SqlRow} from './engine.ts';

/** A statement of the user's own that may not be run, or that SQLite refuses. */
export class UserSqlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UserSqlError';
  }
}

/**
 * Runs one SELECT (or WITH … SELECT) of the user's own. The connection is read-only, so nothing can be changed even by
 * what passes here; this refuses early and in words. At most `limit` rows.
 */
export function userSql(
  database: Database,
  statement: string,
  limit: number,
): {readonly columns: readonly string[]; readonly rows: readonly QueryRow[]} {
  refuseOther(statement);
  try {
    const prepared = database.prepare(statement);
    const columns = prepared.columns();
    const rows: QueryRow[] = [];
    for (const row of prepared.iterate()) {
      rows.push(plain(row));
      if (rows.length >= limit) break;
    }
    return {columns, rows};
  } catch (error) {
    throw new UserSqlError(`SQLite says: ${errorText(error)}`);
  }
}

function refuseOther(statement: string): void {
  const bare = withoutQuotesAndComments(statement).trim().replace(/;\s*$/, '');
  if (bare.includes(';')) throw new UserSqlError('Expected one SQL statement, got several.');
  const [first = ''] = /^[a-z]+/i.exec(bare) ?? [];
  if (!/^(select|with)$/i.test(first))
    throw new UserSqlError(
      `Expected a SELECT, got ${first === '' ? 'none' : first.toUpperCase()}. The store is only read here.`,
    );
  // A common table expression may also lead to one of these.
  const other = /\b(insert|update|delete|replace)\b(?!\s*\()/i.exec(bare);
  if (/^with$/i.test(first) && other)
    throw new UserSqlError(`Expected a SELECT, got ${other[0].toUpperCase()}. The store is only read here.`);
}

function withoutQuotesAndComments(statement: string): string {
  return statement
    .replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, ' q ')
    .replace(/^(\s*q )+(?=\s*(select|with)\b)/i, '');
}

function plain(row: SqlRow): QueryRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value,
    ]),
  );
}
