import {readFile} from 'node:fs/promises';
import {setImmediate as turn} from 'node:timers/promises';
import type {AppLog} from '../config/app-log.ts';
import {rulePlaces, tuningPlace} from '../config/rule-places.ts';
import type {Settings} from '../config/settings.ts';
import type {SigmaDetector} from '../detect/sigma/detector.ts';
import {SigmaEngine} from '../detect/sigma/engine.ts';
import {RuleFolders} from '../detect/sigma/load-folder.ts';
import {placeholdersOf} from '../detect/sigma/placeholder-values.ts';
import type {RejectedRule} from '../detect/sigma/resolve.ts';
import type {RuleSet} from '../detect/sigma/rule-set.ts';
import {noTuning, readTuning, type Tuning} from '../detect/sigma/tuning.ts';
import {errorText} from '../event/error-code.ts';
import {FileWatch} from './file-watch.ts';
import type {StartupLine} from './snapshot.ts';

export interface RuleKeeperParts {
  readonly detector: SigmaDetector;
  readonly settings: Settings;
  readonly dataDir: string;
  readonly log: AppLog;
  /** Given what the start-up lines say of the rules, now and whenever it changes. */
  readonly tell: (line: StartupLine) => void;
}

/**
 * Keeps the Sigma detector's rules: loads them at the start and again when their files or the tuning file change. Of a
 * file that has become wrong the version before goes on, and that is said. All is done in small steps: the engine's
 * thread has other work.
 */
export class RuleKeeper {
  readonly #parts: RuleKeeperParts;
  readonly #watch: FileWatch;
  readonly #tuning = new ChangingTuning();
  #folders: RuleFolders | undefined;
  #places: readonly string[] = [];
  /** What was wrong the last time: said once. */
  #logged: ReadonlySet<string> = new Set();

  constructor(parts: RuleKeeperParts) {
    this.#parts = parts;
    const {settings, dataDir, log, tell} = parts;
    const tuning = () => tuningPlace(settings.rules, dataDir);
    const places = () => rulePlaces(settings.rules, dataDir);
    this.#watch = new FileWatch({
      seconds: settings.rules.watch_seconds,
      paths: () => [...places(), ...[tuning()].filter(path => path !== undefined)],
      read: () => this.#load(places(), tuning()),
      failed: error => {
        log.error(`rules: could not be loaded: ${errorText(error)}`);
        tell({what: 'rules', state: 'failed', detail: errorText(error), mend: 'siem rules check'});
      },
    });
  }

  /** Resolves when the rules are in force. Whatever is wrong with them, the monitor goes on without. */
  async start(): Promise<void> {
    await this.#watch.start();
  }

  async stop(): Promise<void> {
    await this.#watch.stop();
  }

  async #load(places: readonly string[], tuning: string | undefined): Promise<void> {
    const faults = await this.#readTuning(tuning);
    const set = await this.#foldersAt(places).load();
    await this.#adopt(set);
    const {log, tell} = this.#parts;
    const rejected = [...faults, ...set.rejected.filter(({isForeign}) => !isForeign), ...set.duplicates];
    const lines = rejected.map(({file, line, reason}) => `rules: ${file}:${line}: ${reason}`);
    for (const line of lines.filter(text => !this.#logged.has(text)).slice(0, mostLogged)) log.warning(line);
    this.#logged = new Set(lines);
    log.info(`rules: ${set.loaded.length} loaded, ${rejected.length} rejected`);
    tell(openingLine(set, rejected));
  }

  /** What was read stays known while the places are the same, so that a file that breaks can go on as it was. */
  #foldersAt(places: readonly string[]): RuleFolders {
    if (this.#folders && places.join('\n') === this.#places.join('\n')) return this.#folders;
    const placeholders = placeholdersOf(this.#parts.settings.placeholders);
    this.#places = places;
    this.#folders = new RuleFolders(places, {placeholders, tuning: this.#tuning});
    return this.#folders;
  }

  /** Compiled kind by kind, so that other work comes between; then exchanged at once. */
  async #adopt(set: RuleSet): Promise<void> {
    const {detector} = this.#parts;
    const engine = new SigmaEngine(set.detections);
    for (const view of detector.views) {
      engine.prepare(view);
      await turn();
    }
    detector.swap(set, engine);
  }

  /** A tuning file with faults changes nothing: half of it might silence the wrong rule. */
  async #readTuning(file: string | undefined): Promise<readonly RejectedRule[]> {
    if (file === undefined) {
      this.#tuning.now = noTuning;
      return [];
    }
    const {tuning, faults} = readTuning(await readFile(file, 'utf8'));
    if (faults.length === 0) this.#tuning.now = tuning;
    return faults.map(fault => ({file, ...fault}));
  }
}

const mostLogged = 20;

function openingLine(set: RuleSet, rejected: readonly RejectedRule[]): StartupLine {
  const counts = `${set.loaded.length} Sigma rules loaded`;
  const [first] = rejected;
  if (!first) return {what: 'rules', state: set.loaded.length > 0 ? 'ok' : 'note', detail: counts};
  const more = rejected.length > 1 ? `, and ${rejected.length - 1} more` : '';
  const detail = `${counts}, ${rejected.length} not: ${first.file}:${first.line}: ${first.reason}${more}`;
  return {what: 'rules', state: 'note', detail, mend: 'siem rules check'};
}

/** Tuning that can be exchanged beneath rules that were read with it. */
class ChangingTuning implements Tuning {
  now: Tuning = noTuning;

  isDisabled(head: Parameters<Tuning['isDisabled']>[0]): boolean {
    return this.now.isDisabled(head);
  }

  adjust<Rule extends Parameters<Tuning['adjust']>[0]>(rule: Rule): Rule {
    return this.now.adjust(rule);
  }

  isSuppressed(...of: Parameters<Tuning['isSuppressed']>): boolean {
    return this.now.isSuppressed(...of);
  }
}
