import type {EngineKind, SqlValue} from './engine.ts';

/** What node:sqlite and @photostructure/sqlite have in common, as far as it is used here. */
export interface NativeStatement {
  run(...parameters: SqlValue[]): {changes: number | bigint};
  all(...parameters: SqlValue[]): unknown[];
  get(...parameters: SqlValue[]): unknown;
  iterate(...parameters: SqlValue[]): IterableIterator<unknown>;
  columns(): readonly {readonly name: string}[];
}

export interface NativeConnection {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  function(name: string, options: {deterministic: boolean}, run: (...values: SqlValue[]) => SqlValue): void;
  close(): void;
}

export interface NativeLibrary {
  readonly kind: EngineKind;
  readonly DatabaseSync: new (path: string, options?: {readOnly?: boolean; defensive?: boolean}) => NativeConnection;
}

/** The first native library that loads and has full-text search; or why there is none, for `siem doctor`. */
export type NativeProbe =
  | {readonly library: NativeLibrary; readonly reasons: readonly string[]}
  | {readonly library: undefined; readonly reasons: readonly string[]};

let probed: Promise<NativeProbe> | undefined;

/** Loads a native library once; later calls get the same answer. */
export function nativeLibrary(): Promise<NativeProbe> {
  probed ??= probe();
  return probed;
}

async function probe(): Promise<NativeProbe> {
  const reasons: string[] = [];
  for (const [kind, load] of candidates) {
    try {
      const library = {kind, DatabaseSync: constructorOf(await load())};
      const version = fullTextVersion(library);
      if (version !== undefined) return {library, reasons: [...reasons, `${kind}: SQLite ${version}`]};
      reasons.push(`${kind} has no full-text search (Node has it from 22.16 on)`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      reasons.push(`${kind} does not load: ${message.split('\n')[0]}`);
    }
  }
  return {library: undefined, reasons};
}

// The package's name stands in a variable because it is optional: where it is missing, compiling must still succeed.
const optionalPackage: string = '@photostructure/sqlite';
const candidates: readonly (readonly [EngineKind, () => unknown])[] = [
  ['node:sqlite', nodeSqlite],
  ['@photostructure/sqlite', () => import(optionalPackage)],
];

/** Node announces its SQLite as experimental; that is nothing a user can act on, so it does not reach the terminal. */
function nodeSqlite(): unknown {
  const emit = process.emitWarning;
  const quiet = (...warning: unknown[]) => {
    if (!String(warning[0]).includes('SQLite')) Reflect.apply(emit, process, warning);
  };
  process.emitWarning = quiet;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emit;
  }
}

function constructorOf(module: unknown): NativeLibrary['DatabaseSync'] {
  const {DatabaseSync} = (module ?? {}) as {DatabaseSync?: NativeLibrary['DatabaseSync']};
  if (!DatabaseSync) throw new Error(`this Node (${process.version}) has none`);
  return DatabaseSync;
}

function fullTextVersion(library: NativeLibrary): string | undefined {
  const connection = new library.DatabaseSync(':memory:');
  try {
    const row = connection
      .prepare("SELECT sqlite_compileoption_used('ENABLE_FTS5') AS found, sqlite_version() AS version")
      .get() as {found: number; version: string};
    return row.found === 1 ? row.version : undefined;
  } finally {
    connection.close();
  }
}
