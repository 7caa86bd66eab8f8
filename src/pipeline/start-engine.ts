import {serverName as demoHost} from '../capture/demo/network.ts';
import type {AppLog} from '../config/app-log.ts';
import {loadIdentity} from '../config/identity.ts';
import {builtinDetectors} from '../detect/rules/builtin.ts';
import {modelPath} from '../detect/surprise/model-file.ts';
import {SurpriseDetector} from '../detect/surprise/surprise-detector.ts';
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
  const surprise = new SurpriseDetector({alertsPerDay: settings.detect.alerts_per_day});
  const keeper = new ModelKeeper({
    detector: surprise,
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
      ...(settings.detect.learned ? [surprise] : []),
    ],
    log,
    ...screen,
    model: () => keeper.view(),
    setBusy: busy => surprise.setBusy(busy),
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

function snapshotMode(mode: EngineMode): Snapshot['mode'] {
  if (mode.type === 'import') return 'replay';
  return mode.type;
}
