import {serverName as demoHost} from '../capture/demo/network.ts';
import type {AppLog} from '../config/app-log.ts';
import {loadIdentity} from '../config/identity.ts';
import {builtinDetectors} from '../detect/rules/builtin.ts';
import {type Baseline, loadBaseline} from '../detect/surprise/baseline/baseline-file.ts';
import {baselinePath} from '../detect/surprise/baseline/baseline-place.ts';
import {learnedDetectors} from '../detect/surprise/learned-detectors.ts';
import {ModelError, modelPath} from '../detect/surprise/model-file.ts';
import {systemClock} from '../event/clock.ts';
import {openReader} from '../store/open-reader.ts';
import {openWriter} from '../store/writer.ts';
import {AlertDesk} from './alert-desk.ts';
import {Engine, type EngineParts} from './engine.ts';
import type {EngineMode, EngineOptions} from './engine-messages.ts';
import {ModelKeeper} from './model-keeper.ts';
import {runSources} from './run-sources.ts';
import type {Snapshot} from './snapshot.ts';

export interface StartedEngine {
  readonly engine: Engine;
  /** Resolves when all files are read or the demonstration is played; never while watching live. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

/** Opens the store, puts the engine together from its parts and sets every source going. Throws a StoreError. */
export async function startEngine(
  {settings, dataDir, configFile, mode}: EngineOptions,
  log: AppLog,
  screen: Pick<EngineParts, 'ready' | 'publish'>,
): Promise<StartedEngine> {
  const store = await openWriter(dataDir, settings.store);
  const learned = learnedDetectors(settings.detect.alerts_per_day, readBaseline(log));
  const keeper = new ModelKeeper({
    detector: learned.logs,
    path: modelPath(dataDir, settings.DEFAULT.ModelFile),
    settings: settings.detect,
    log,
    clock: systemClock,
    stored: () => store.stats().logs,
    openHistory: () => openReader(dataDir, settings.store.engine),
  });
  const engine = new Engine({
    settings,
    identity: loadIdentity(dataDir, mode.type === 'demo' ? demoHost : undefined),
    mode: snapshotMode(mode),
    clock: systemClock,
    store,
    desk: new AlertDesk({settings, clock: systemClock, log, stored: id => store.loadAlert(id)}),
    detectors: [
      ...(settings.detect.rules ? builtinDetectors(settings) : []),
      ...(settings.detect.learned ? learned.all : []),
    ],
    log,
    ...screen,
    model: () => keeper.view(),
    setBusy: busy => learned.logs.setBusy(busy),
  });
  engine.board.opening({what: 'configuration', state: 'ok', detail: configFile ?? 'no file: the defaults'});
  engine.board.opening({what: 'store', state: 'ok', detail: `${store.stats().engine} at ${store.stats().path}`});
  engine.start();
  if (settings.detect.learned)
    keeper.start(mode.type === 'live' && settings.detect.train, line => engine.board.opening(line));
  const finished = runSources(engine, {settings, dataDir, mode, log});
  return {
    engine,
    finished,
    stop: async () => {
      await keeper.stop();
      await engine.stop();
    },
  };
}

/** What ships with the program to begin with; without it everything is learned here, only later. */
function readBaseline(log: AppLog): Baseline | undefined {
  try {
    return loadBaseline(baselinePath());
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    log.warning(`baseline: ${error.message}`);
    return undefined;
  }
}

function snapshotMode(mode: EngineMode): Snapshot['mode'] {
  if (mode.type === 'import') return 'replay';
  return mode.type;
}
