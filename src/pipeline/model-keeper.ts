import {existsSync, mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {watchModel} from '../detect/surprise/model-watch.ts';
import type {SurpriseDetector} from '../detect/surprise/surprise-detector.ts';
import {historyOf} from '../detect/surprise/train/history.ts';
import {trainInBackground} from '../detect/surprise/train/train-model.ts';
import {errorText} from '../event/error-code.ts';
import type {StoreReader} from '../store/reader.ts';
import type {ModelView, StartupLine} from './snapshot.ts';

export interface KeeperParts {
  readonly detector: SurpriseDetector;
  readonly path: string;
  readonly settings: Settings['detect'];
  readonly log: AppLog;
  /** Log entries in the store. */
  readonly stored: () => number;
  readonly openHistory: () => Promise<StoreReader>;
}

const lookEvery = 20_000;
/** Training reads at most this much: the newest that is stored. */
const mostHistory = 100_000;

/**
 * Keeps the detector's model: loads the file where there is one, takes up a newer one without a restart, refuses a
 * damaged one aloud, and trains in the background where there is history and no model.
 */
export class ModelKeeper {
  private readonly parts: KeeperParts;
  private refused = '';
  private training: {readonly cancel: () => void; part: number} | undefined;
  private failedAt = 0;
  private endWatch: () => void = () => {};
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: KeeperParts) {
    this.parts = parts;
  }

  start(trainByItself: boolean, tell: (line: StartupLine) => void): void {
    const {detector, path, log} = this.parts;
    tell({what: 'model', state: 'note', detail: `none at ${path} yet: learning online`});
    this.endWatch = watchModel(path, news => {
      if (news.type === 'loaded') {
        detector.adopt(news.model);
        this.refused = '';
        tell({what: 'model', state: 'ok', detail: `${path}, trained ${news.model.facts.trainedAt}`});
      } else {
        this.refused = news.reason;
        tell({what: 'model', state: 'failed', detail: news.reason, mend: 'siem train'});
      }
      log.info(`model: ${news.type} ${news.type === 'refused' ? news.reason : path}`);
    });
    if (trainByItself) this.timer = setInterval(() => void this.trainIfWanted(), lookEvery);
  }

  stop(): void {
    this.endWatch();
    clearInterval(this.timer);
    this.training?.cancel();
  }

  view(): ModelView {
    const {detector, settings} = this.parts;
    const {stepMicros, scored, skipped, streams, streamsReady} = detector.stats();
    const facts = detector.model;
    const progress = detector.progress();
    const rest = {trained: facts ? Date.parse(facts.trainedAt) * 1000 : 0, stepMicros, scored, skipped};
    if (!settings.learned) return {state: 'off', progress: 0, detail: 'learned = no in [detect]', ...rest};
    if (this.training) return {state: 'training', progress: this.training.part, detail: '', ...rest};
    if (this.refused) return {state: 'refused', progress, detail: this.refused, ...rest};
    const detail = `${streamsReady} of ${streams} streams`;
    if (progress < 1) return {state: 'learning', progress, detail, ...rest};
    return {state: facts ? 'ready' : 'online', progress, detail, ...rest};
  }

  /** Too little history is no failure: it is looked at again when there is twice as much. */
  private async trainIfWanted(): Promise<void> {
    const {path, settings, stored, log} = this.parts;
    const entries = stored();
    if (this.training || existsSync(path) || entries < settings.train_events || entries < this.failedAt * 2) return;
    const history = await this.parts.openHistory();
    try {
      mkdirSync(dirname(path), {recursive: true, mode: 0o700});
      const {done, cancel} = trainInBackground({
        history: historyOf(history.iterate({kind: 'logs', limit: mostHistory})),
        path,
        leastEvents: settings.train_events,
        backend: settings.backend,
        onProgress: ({part}) => {
          if (this.training) this.training.part = part;
        },
        onLibraryOutput: text => log.info(`training: ${text}`),
      });
      this.training = {cancel, part: 0};
      const {corpus, outcome} = await done;
      log.info(`model: trained on ${corpus.events} entries in ${outcome.seconds.toFixed(0)} s`);
    } catch (error) {
      this.failedAt = entries;
      log.warning(`model: ${errorText(error)}`);
    } finally {
      this.training = undefined;
      history.close();
    }
  }
}
