import {existsSync} from 'node:fs';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import {watchModel} from '../detect/surprise/model-watch.ts';
import type {SurpriseDetector} from '../detect/surprise/surprise-detector.ts';
import {checkpointPath} from '../detect/surprise/train/checkpoint.ts';
import {type TrainingReport, trainInBackground} from '../detect/surprise/train/train-model.ts';
import {type Clock, hour} from '../event/clock.ts';
import {errorText} from '../event/error-code.ts';
import type {Micros} from '../event/event.ts';
import type {StoreReader} from '../store/reader.ts';
import type {ModelView, StartupLine} from './snapshot.ts';
import {storedHistory} from './stored-history.ts';

export interface KeeperParts {
  readonly detector: SurpriseDetector;
  readonly path: string;
  readonly settings: Settings['detect'];
  readonly log: AppLog;
  readonly clock: Clock;
  /** Log entries in the store. */
  readonly stored: () => number;
  readonly openHistory: () => Promise<StoreReader>;
}

const lookEvery = 20_000;
/** Milliseconds that the end of the monitor waits for a training's checkpoint. */
const longestStop = 5_000;
/** After a look that found too little that is new, or a training that failed, the next comes this much later. */
const lookAgain = hour;
/** Training reads at most this much: the newest that is stored. */
const mostHistory = 100_000;

/**
 * Keeps the detector's model: loads the file where there is one, takes up a newer one without a restart, refuses a
 * damaged one aloud, and trains in the background: where there is history and no model, where a training was
 * interrupted, and where the model is old and enough has come since. One training at a time.
 */
export class ModelKeeper {
  private readonly parts: KeeperParts;
  private refused = '';
  private mendable = false;
  private training: {readonly cancel: () => void; readonly ended: Promise<void>; part: number} | undefined;
  private said = '';
  private failedAt = 0;
  private notBefore: Micros = 0;
  private endWatch: () => void = () => {};
  private timer: NodeJS.Timeout | undefined;
  private tell: (line: StartupLine) => void = () => {};

  constructor(parts: KeeperParts) {
    this.parts = parts;
  }

  start(trainByItself: boolean, tell: (line: StartupLine) => void): void {
    const {detector, path, log, settings} = this.parts;
    this.tell = tell;
    tell({what: 'model', state: 'note', detail: `none at ${path} yet: learning online`});
    this.endWatch = watchModel(path, news => {
      if (news.type === 'loaded') {
        detector.adopt(news.model);
        this.refused = '';
        this.mendable = false;
        tell({what: 'model', state: 'ok', detail: `${path}, trained ${news.model.facts.trainedAt}`});
      } else {
        this.refused = news.reason;
        // A newer program's model is left to it, and what may not be read may not be written either.
        this.mendable = news.code === 'older' || news.code === 'damaged';
        tell({what: 'model', state: 'failed', detail: news.reason, mend: 'siem train'});
      }
      log.info(`model: ${news.type} ${news.type === 'refused' ? news.reason : path}`);
    });
    if (!trainByItself) return;
    const again = settings.train_every_hours > 0 ? `, again each ${settings.train_every_hours} h` : '';
    tell({
      what: 'training',
      state: 'note',
      detail: `in the background from ${settings.train_events} events on${again}`,
    });
    this.timer = setInterval(() => void this.trainIfWanted(), lookEvery);
  }

  /** Resolves when a training under way has kept what it needs to go on at the next start, and has ended. */
  async stop(): Promise<void> {
    this.endWatch();
    clearInterval(this.timer);
    this.training?.cancel();
    await Promise.race([this.training?.ended, new Promise(resolve => setTimeout(resolve, longestStop).unref())]);
  }

  view(): ModelView {
    const {detector, settings} = this.parts;
    const {stepMicros, scored, skipped, streams, streamsReady, heldBack} = detector.stats();
    const facts = detector.model;
    const progress = detector.progress();
    const rest = {trained: facts ? Date.parse(facts.trainedAt) * 1000 : 0, stepMicros, scored, skipped};
    if (!settings.learned) return {state: 'off', progress: 0, detail: 'learned = no in [detect]', ...rest};
    if (this.training) return {state: 'training', progress: this.training.part, detail: '', ...rest};
    if (this.refused) return {state: 'refused', progress, detail: this.refused, ...rest};
    const notes = [
      `${streamsReady} of ${streams} streams`,
      ...(heldBack > 0 ? [`${heldBack} findings held back, as analysts closed such as false`] : []),
      ...(this.said === '' ? [] : [this.said]),
    ];
    const detail = notes.join('; ');
    if (progress < 1) return {state: 'learning', progress, detail, ...rest};
    return {state: facts ? 'ready' : 'online', progress, detail, ...rest};
  }

  /** Looks whether a training is due, and if so does it. Called every few seconds; never throws. */
  async trainIfWanted(): Promise<void> {
    const {log, clock, stored} = this.parts;
    if (this.training || clock() < this.notBefore || !this.mayBeDue()) return;
    let finished = (): void => {};
    const abort = new AbortController();
    const ended = new Promise<void>(resolve => {
      finished = resolve;
    });
    this.training = {cancel: () => abort.abort(), ended, part: 0};
    try {
      const report = await this.train(abort.signal);
      if (report) this.note(report);
      else this.notBefore = clock() + lookAgain;
    } catch (error) {
      this.failedAt = stored();
      this.notBefore = clock() + lookAgain;
      if (abort.signal.aborted) log.info(`model: ${errorText(error)}`);
      else log.warning(`model: ${errorText(error)}`);
    } finally {
      this.training = undefined;
      finished();
    }
  }

  /** By what can be told without reading the store. Too little history is looked at again when there is twice as much. */
  private mayBeDue(): boolean {
    const {path, settings, stored, detector, clock} = this.parts;
    const entries = stored();
    if (entries < settings.train_events) return false;
    if (existsSync(checkpointPath(path))) return true;
    if (!existsSync(path) || this.mendable) return entries >= this.failedAt * 2;
    if (this.refused !== '') return false;
    const {train_every_hours} = settings;
    const checked = Date.parse(detector.model?.checkedAt ?? '') * 1000;
    return train_every_hours > 0 && clock() - checked >= train_every_hours * hour;
  }

  /** Undefined where too little has come since the model was trained. */
  private async train(signal: AbortSignal): Promise<TrainingReport | undefined> {
    const {path, settings, log, detector, openHistory} = this.parts;
    const reader = await openHistory();
    try {
      const newest = detector.model?.newest;
      const interrupted = existsSync(checkpointPath(path));
      if (newest !== undefined && !interrupted && reader.holdings('logs', newest + 1).rows < settings.train_events) {
        return undefined;
      }
      const {done, leave} = trainInBackground({
        ...storedHistory(reader, {limit: mostHistory, resumeFrom: path}),
        path,
        leastEvents: settings.train_events,
        backend: settings.backend,
        onProgress: ({part}) => {
          if (this.training) this.training.part = part;
        },
        onNote: text => log.info(`model: ${text}`),
        onLibraryOutput: text => log.info(`training: ${text}`),
      });
      signal.addEventListener('abort', leave, {once: true});
      if (signal.aborted) leave();
      return await done;
    } finally {
      reader.close();
    }
  }

  private note({kept, old, corpus, outcome}: TrainingReport): void {
    const {worth, rival} = outcome;
    const compared = rival ? `: ${worth.nats.toFixed(3)} nats an event against ${rival.nats.toFixed(3)}` : '';
    this.said = kept === 'new' ? `trained on ${corpus.events} events` : 'the old model was not worse and stays';
    const detail = `${kept === 'new' ? (old ? 'a better model' : 'a model') : 'no better model'} of ${corpus.events} events${compared}`;
    this.parts.log.info(`model: ${detail}, in ${outcome.seconds.toFixed(0)} s`);
    this.tell({what: 'training', state: 'ok', detail});
  }
}
