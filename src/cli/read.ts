import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {Command, Option} from 'commander';
import type {FileContext} from '../capture/files/file-format.ts';
import {isCapture} from '../capture/files/is-capture.ts';
import {openFile} from '../capture/files/open-file.ts';
import {readCapture} from '../capture/files/read-capture.ts';
import {type SourceBatch, SourceError} from '../capture/source.ts';
import {loadConfig} from '../config/load.ts';
import type {Settings} from '../config/settings.ts';
import {enrichFlows} from '../detect/geo/enrich-flows.ts';
import {GeoDatabases, geoFaultText, readGeoFiles} from '../detect/geo/geo-databases.ts';
import {systemClock} from '../event/clock.ts';
import {toEcs} from '../event/ecs.ts';
import {checkedFilter} from './capture-filter.ts';
import {tellFailure} from './failure.ts';
import {Output} from './output/output.ts';
import {type ReadForm, readForms, windowsTexts} from './windows-texts.ts';

interface ReadOptions {
  readonly filter?: string;
  readonly config?: string;
  readonly output: ReadForm;
}

interface Wanted {
  readonly settings: Settings;
  /** Says of flows where their outside ends are. */
  readonly geo: GeoDatabases | undefined;
  readonly form: ReadForm;
}

export function readCommand(): Command {
  return new Command('read')
    .argument(
      '<files...>',
      'pcap, pcapng, Windows event logs (.evtx), Suricata, Zeek, text logs, NDJSON, journal exports; gzip too',
    )
    .addOption(
      new Option('-o, --output <form>', 'xml, json: Windows events as they are, not normalised')
        .choices(readForms)
        .default('ndjson'),
    )
    .option('--filter <expression>', "of captures only packets that fit, in tcpdump's language: 'not port 22'")
    .option('--config <file>', 'configuration to use')
    .action(run);
}

async function run(files: readonly string[], options: ReadOptions): Promise<void> {
  try {
    const {settings, dataDir} = loadConfig(options);
    settings.capture.filter = checkedFilter(options.filter, '');
    const geo = options.output === 'ndjson' ? await openGeo(settings.network.geoip, dataDir) : undefined;
    const output = new Output();
    let events = 0;
    for (const file of files) events += await readFile(file, {settings, geo, form: options.output}, output);
    await output.flush();
    if (process.exitCode === undefined && events === 0) process.exitCode = 1;
  } catch (error) {
    process.exitCode = tellFailure(error);
  }
}

/** One file's failure is told and does not keep the others from being read. Returns how many events there were. */
async function readFile(path: string, wanted: Wanted, output: Output): Promise<number> {
  let events = 0;
  try {
    for await (const texts of textsOf(path, wanted)) {
      events += texts.length;
      for (const text of texts) await output.write(text);
      if (!output.open) break;
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(`${error.message}\n${error.mend ? `  → ${error.mend}\n` : ''}`);
    process.exitCode = 3;
  }
  return events;
}

function textsOf(path: string, {form, ...wanted}: Wanted): AsyncIterable<readonly string[]> {
  return form === 'ndjson' ? ecsLines(path, wanted) : windowsTexts(path, form, toldProblem(path));
}

async function* ecsLines(path: string, {settings, geo}: Omit<Wanted, 'form'>): AsyncGenerator<readonly string[]> {
  for await (const {events} of batchesOf(path, settings)) {
    yield (geo ? enrichFlows(events, geo) : events).map(event => `${JSON.stringify(toEcs(event))}\n`);
  }
}

async function* batchesOf(path: string, settings: Settings): AsyncGenerator<SourceBatch> {
  // Whoever reads the same file gets the same ids, on any machine.
  const origin = {agent: 'read', host: hostname(), clock: systemClock};
  if (isCapture(path)) {
    const {filter} = settings.capture;
    for await (const {batch, problem} of readCapture(path, {...origin, settings, filter})) {
      if (batch) yield batch;
      if (problem !== undefined) process.stderr.write(`${path}: ${problem}\n`);
    }
    return;
  }
  const reader = await openFile(path);
  yield* reader.read({...origin, maxLine: settings.sources.max_line, problem: toldProblem(path)});
}

async function openGeo(files: readonly string[], dataDir: string): Promise<GeoDatabases | undefined> {
  const {contents, faults} = await readGeoFiles(files.map(file => resolve(dataDir, file)));
  for (const fault of faults) process.stderr.write(`${geoFaultText(fault)}\n`);
  return contents.length > 0 ? new GeoDatabases(contents) : undefined;
}

function toldProblem(path: string): FileContext['problem'] {
  return ({reason, line}) => void process.stderr.write(`${path}: ${reason} first at line ${line}\n`);
}
