import {Command} from 'commander';
import {loadConfig} from '../config/load.ts';
import {tellFailure} from './failure.ts';
import {loadCommandRules} from './load-rules.ts';
import {Output} from './output/output.ts';
import {gather} from './repeated-option.ts';
import {findFiles} from './scan/find-files.ts';
import {runScan} from './scan/run-scan.ts';
import {type ScanFlags, scanOptions} from './scan/scan-options.ts';

/** `siem scan`: Sigma rules over files. Exit status: 0 hits, 1 none, 2 wrong use, 3 a file that is not there or could not be read. */
export function scanCommand(): Command {
  return new Command('scan')
    .argument('<files...>', 'files, folders and patterns; Windows event logs, text, JSON, captures; gzip too')
    .option('--rules <folder>', 'rules instead of those that ship and the user’s own; may be repeated', gather)
    .option('-o, --output <form>', 'table, ndjson, csv or navigator (an ATT&CK Navigator layer)', 'table')
    .option('--min-level <level>', 'informational, low, medium, high or critical', 'informational')
    .option('--include <pattern>', 'only rules whose id, title, tag or technique fits; may be repeated', gather)
    .option('--exclude <pattern>', 'no rules whose id, title, tag or technique fits; may be repeated', gather)
    .option('--tuning <file>', 'rules to disable, to give another level, to suppress by field: see docs/rules.md')
    .option('-S, --since <time>', 'events from this time on')
    .option('-U, --until <time>', 'events before this time')
    .option('--stats', 'count events by kind and event id, too')
    .option('--utc', 'show and read times in UTC')
    .option('--jobs <n>', 'threads to read with (default: one a core)')
    .option('--data-dir <folder>', 'where the user’s rules are')
    .option('--config <file>', 'configuration file')
    .action(async (files: readonly string[], flags: ScanFlags) => {
      process.exitCode = await scan(files, flags);
    });
}

async function scan(files: readonly string[], flags: ScanFlags): Promise<number> {
  try {
    const config = loadConfig(flags);
    const utc = flags.utc ?? config.settings.screen.time === 'utc';
    const options = scanOptions(flags, {now: Date.now() * 1_000, utc});
    const found = await findFiles(files);
    show('reading rules …');
    const rules = await loadCommandRules(flags, config);
    show('');
    return await runScan({options, config, rules, found, output: new Output(), say, show});
  } catch (error) {
    show('');
    return tellFailure(error);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One line that is written over; nothing where nobody watches. */
function show(line: string): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r\u001b[K${line.slice(0, process.stderr.columns - 1)}`);
}
