import {Command} from 'commander';
import {EvidenceFiles} from '../pipeline/evidence-files.ts';
import {exportPackets} from './export-packets.ts';
import {tellFailure, UsageError} from './failure.ts';
import {type ReaderOptions, readerSettings} from './open-reader.ts';

interface ExportFlags extends ReaderOptions {
  readonly output?: string;
}

/** `siem alerts`: what belongs to alerts beside their rows, which `siem query -k alerts` shows. */
export function alertsCommand(): Command {
  const command = new Command('alerts');
  command
    .command('export')
    .description('write the packets of a network alert to a pcapng file')
    .argument('<ALERT>', 'the id of the alert (event.id of siem query -k alerts), or its beginning')
    .option('-o, --output <FILE>', 'where to (default: siem-alert-….pcapng here)')
    .option('--data-dir <FOLDER>', 'where the store is')
    .option('--config <FILE>', 'configuration file')
    .action(async (alert: string, flags: ExportFlags) => {
      process.exitCode = await exportCommand(alert, flags);
    });
  return command;
}

async function exportCommand(beginning: string, flags: ExportFlags): Promise<number> {
  try {
    const {dataDir} = await readerSettings(flags);
    const files = new EvidenceFiles(dataDir);
    const exported = exportPackets(files, wholeId(files, beginning), flags.output);
    if ('problem' in exported) {
      process.stderr.write(`${exported.problem}\n`);
      return 1;
    }
    process.stdout.write(`${exported.path}\n`);
    return 0;
  } catch (error) {
    return tellFailure(error);
  }
}

function wholeId(files: EvidenceFiles, beginning: string): string {
  if (!/^[0-9a-f-]+$/.test(beginning)) {
    throw new UsageError(
      `Expected the id of an alert, as siem query -k alerts --fields event.id shows it, got ${beginning}.`,
    );
  }
  const found = files.alerts().filter(alert => alert.startsWith(beginning));
  if (found.length > 1)
    throw new UsageError(
      `Expected the beginning of one alert's id, got ${beginning}, which ${found.length} begin with.`,
    );
  return found[0] ?? beginning;
}
