import type {Database} from './engine.ts';
import {inTransaction} from './migrate.ts';

/**
 * The index of the words of log messages: FTS5 over the log's own text. `detail=none` keeps which rows hold a word and
 * not where: measured, a third faster to write and half the size of the full index. So an expression may name words and
 * prefixes joined by AND, OR, NOT; that words stand next to each other is checked on the rows found, with LIKE.
 */
const create = `CREATE VIRTUAL TABLE log_text USING fts5(message, content='log', content_rowid='seq', detail=none,
  tokenize='unicode61 remove_diacritics 0')`;

/** Words of the rows just inserted: one statement a batch, and rows that were duplicates are not there to be read. */
export const indexRows = 'INSERT INTO log_text (rowid, message) SELECT seq, message FROM log WHERE seq BETWEEN ? AND ?';

/** Has to come before the rows are deleted, for it needs their text. */
export const unindexRows =
  "INSERT INTO log_text (log_text, rowid, message) SELECT 'delete', seq, message FROM log WHERE seq BETWEEN ? AND ?";

/** Works off what deleted rows left in the index, a bounded number of pages at a time. */
export const mergeIndex = "INSERT INTO log_text (log_text, rank) VALUES ('merge', ?)";

/** Whether this file has the index, and this engine can use it. */
export function hasFullText(database: Database): boolean {
  return (
    database.fullText &&
    database.prepare("SELECT 1 AS found FROM sqlite_master WHERE name = 'log_text'").get() !== undefined
  );
}

/** Makes the index, or removes it, as the settings say. Making it over a filled log takes about 10 s a million rows. */
export function arrangeFullText(database: Database, wanted: boolean): boolean {
  const has = hasFullText(database);
  const want = wanted && database.fullText;
  if (want && !has) {
    inTransaction(database, () => {
      database.exec(create);
      database.exec("INSERT INTO log_text (log_text) VALUES ('rebuild')");
    });
  }
  if (!want && has) database.exec('DROP TABLE log_text');
  return want;
}
