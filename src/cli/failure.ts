import {SourceError} from '../capture/source.ts';
import {ConfigError} from '../config/config-error.ts';
import {errorText} from '../event/error-code.ts';
import {sanitize} from '../event/sanitize.ts';
import {EngineError} from '../pipeline/engine-error.ts';
import {TimeError} from '../query/duration.ts';
import {QueryError} from '../query/expression.ts';
import {StoreError} from '../store/sink.ts';
import {UserSqlError} from '../store/user-sql.ts';

/** Wrong use of a command: said to the user as it is. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/**
 * Tells an error to the person at the terminal, with what mends it, and gives the exit status: 2 for wrong use or wrong
 * configuration, 3 for a store, source or file that cannot be read. What is neither is a fault of the program and is thrown on.
 */
export function tellFailure(error: unknown, say: (line: string) => void = toStderr): 2 | 3 {
  if (error instanceof StoreError || error instanceof EngineError || error instanceof SourceError) {
    say(sanitize(error.message));
    if (error.mend !== undefined) say(sanitize(error.mend));
    return 3;
  }
  const wrongUse = [UsageError, ConfigError, TimeError, QueryError, UserSqlError].some(kind => error instanceof kind);
  if (!wrongUse) throw error;
  say(sanitize(errorText(error)));
  return 2;
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
