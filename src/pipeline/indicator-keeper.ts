import {resolve} from 'node:path';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {type ListReport, loadIndicators} from '../detect/flows/indicators/load-indicators.ts';
import type {NetworkWatch} from '../detect/flows/network-watch.ts';
import {errorText} from '../event/error-code.ts';
import {FileWatch} from './file-watch.ts';
import type {StartupLine} from './snapshot.ts';

export interface IndicatorKeeperParts {
  readonly detector: Pick<NetworkWatch, 'setIndicators'>;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly log: AppLog;
  readonly tell: (line: StartupLine) => void;
}

/**
 * Keeps the lists of indicators: reads them at the start, and all again when one has changed. While they are read, and
 * where one can't be, what was read before stays in force. Reading is done in small steps.
 */
export class IndicatorKeeper {
  readonly #parts: IndicatorKeeperParts;
  readonly #paths: readonly string[];
  readonly #watch: FileWatch;
  #isFirst = true;

  constructor(parts: IndicatorKeeperParts) {
    this.#parts = parts;
    const {settings, dataDir, log, tell} = parts;
    this.#paths = settings.network.indicators.map(path => resolve(dataDir, path));
    this.#watch = new FileWatch({
      seconds: settings.rules.watch_seconds,
      paths: () => this.#paths,
      read: () => this.#load(),
      failed: error => {
        log.error(`indicators: could not be read: ${errorText(error)}`);
        tell({what: 'indicators', state: 'failed', detail: errorText(error)});
      },
    });
  }

  /** Resolves when the lists are in force. */
  async start(): Promise<void> {
    if (this.#paths.length > 0) await this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  async #load(): Promise<void> {
    const {detector, log, tell} = this.#parts;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const {indicators, reports} = await loadIndicators(this.#paths);
    const failed = reports.filter(({failure}) => failure !== undefined);
    for (const report of reports) logReport(report, log);
    // A list that is being replaced is missing for a moment: what was known goes on.
    if (isFirst || failed.length === 0) detector.setIndicators(indicators);
    log.info(`indicators: ${indicators.table.size} in force from ${reports.length} lists`);
    tell(openingLine(reports, indicators.table.size));
  }
}

function logReport({path, broken, firstBroken, failure}: ListReport, log: AppLog): void {
  if (failure !== undefined) log.warning(`indicators: ${path}: ${failure}`);
  if (firstBroken)
    log.warning(
      `indicators: ${path}:${firstBroken.line}: "${firstBroken.text}" ${firstBroken.reason} (${broken} such lines)`,
    );
}

function openingLine(reports: readonly ListReport[], size: number): StartupLine {
  const broken = reports.reduce((sum, report) => sum + report.broken, 0);
  const failed = reports.find(({failure}) => failure !== undefined);
  const first = reports.find(({firstBroken}) => firstBroken)?.firstBroken;
  const detail = `${size} indicators of ${reports.length} lists`;
  if (failed) return {what: 'indicators', state: 'note', detail: `${detail}; ${failed.path}: ${failed.failure}`};
  if (!first) return {what: 'indicators', state: size > 0 ? 'ok' : 'note', detail};
  return {
    what: 'indicators',
    state: 'note',
    detail: `${detail}; ${broken} lines are none: "${first.text}" ${first.reason}`,
  };
}
