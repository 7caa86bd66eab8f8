import {Command} from 'commander';
import {QueryError} from '../query/expression.ts';
import {tellFailure} from './failure.ts';
import {openReader, readerSettings} from './open-reader.ts';
import {Output} from './output/output.ts';
import {type QueryFlags, queryOptions} from './query-options.ts';
import {runQuery} from './query-run.ts';

/** `siem query`: what is stored, by time, field and text. Exit status: 0 found, 1 none, 2 wrong use, 3 store failure. */
export function queryCommand(): Command {
  return new QueryCommand('query')
    .argument('[EXPR...]', 'what to look for; all of it by default')
    .option('-S, --since <TIME>', 'from this time on (default: an hour ago)')
    .option('-U, --until <TIME>', 'before this time')
    .option('-k, --kind <KIND>', 'logs, alerts, anomalies, flows, metrics or traffic', 'logs')
    .option('-n, --lines <N>', 'at most so many rows, the newest (default: 1000; with -f: 10)')
    .option('-r, --reverse', 'newest first')
    .option('-f, --follow', 'go on with what is stored from now on')
    .option('-o, --output <FORM>', 'table, json, ndjson or csv (default: table)')
    .option('--fields <NAMES>', 'these fields, in this order')
    .option('--count', 'how many, instead of the rows; of traffic the bytes')
    .option('--by <NAMES>', 'count by these fields')
    .option('--every <LENGTH>', 'count by time: 5m, 1h, 1d')
    .option('--sql <SELECT>', 'one SELECT of your own; the views have the names of the kinds')
    .option('--data-dir <FOLDER>', 'where the store is')
    .option('--config <FILE>', 'configuration file')
    .option('--utc', 'show and read times in UTC')
    .addHelpText('after', help)
    .action(async (words: readonly string[], flags: QueryFlags) => {
      process.exitCode = await query(words.join(' '), flags);
    });
}

const help = `
Expressions: level>=warning source:sshd src.ip:10.0.0.0/8 -user:backup "failed password" host:web*
  Terms side by side must all hold; and, or, not and ( ) work as usual; - in front means not.
  field:value  field:a,b  field!=value  field<5  field:*  field:""  word  begin*  "words in a row"
  The same field twice means either: source:sshd source:sudo. More: docs/query.md
Times: "2026-11-22 10:00", 10:00, today, yesterday, -1h, 30m, "3 days ago", @1700000000
`;

/** A filter that begins with a minus (`-user:backup`) is no cluster of short options. */
class QueryCommand extends Command {
  override parseOptions(args: string[]): ReturnType<Command['parseOptions']> {
    return super.parseOptions(args.map(arg => (/^-[a-z_@][\w.@-]+(:|=|!=|<|>)/.test(arg) ? `(${arg})` : arg)));
  }
}

async function query(text: string, flags: QueryFlags): Promise<number> {
  try {
    const utc = flags.utc ?? (await readerSettings(flags)).time === 'utc';
    const options = queryOptions(text, flags, {now: Date.now() * 1000, utc});
    const store = await openReader({...flags, utc});
    try {
      return await runQuery(options, store, new Output());
    } finally {
      store.reader.close();
    }
  } catch (error) {
    if (!(error instanceof QueryError)) return tellFailure(error);
    const {renderQueryError} = await import('../query/render-error.ts');
    process.stderr.write(`${renderQueryError(text, error)}\n`);
    return 2;
  }
}
