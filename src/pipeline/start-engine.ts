import {serverName as demoHost} from '../capture/demo/network.ts';
import {ownAddresses} from '../capture/packets/interfaces.ts';
import type {AppLog} from '../config/app-log.ts';
import {loadIdentity} from '../config/identity.ts';
import {enrichFlows} from '../detect/geo/enrich-flows.ts';
import {type Baseline, loadBaseline} from '../detect/surprise/baseline/baseline-file.ts';
import {baselinePath} from '../detect/surprise/baseline/baseline-place.ts';
import {ModelError, modelPath} from '../detect/surprise/model-file.ts';
import {systemClock} from '../event/clock.ts';
import {openReader} from '../store/open-reader.ts';
import {openWriter} from '../store/writer.ts';
import {AlertDesk} from './alert-desk.ts';
import {Engine, type EngineParts} from './engine.ts';
import {engineDetectors} from './engine-detectors.ts';
import type {EngineMode, EngineOptions} from './engine-messages.ts';
import {EvidenceFiles} from './evidence-files.ts';
import {EvidenceKeeper} from './evidence-keeper.ts';
import {EvidencePlaces} from './evidence-places.ts';
import {GeoKeeper} from './geo-keeper.ts';
import {IndicatorKeeper} from './indicator-keeper.ts';
import {ModelKeeper} from './model-keeper.ts';
import {OwnSite} from './own-site.ts';
import {RuleKeeper} from './rule-keeper.ts';
import {runSources} from './run-sources.ts';
import type {Snapshot, StartupLine} from './snapshot.ts';

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
  const own = new OwnSite(mode.type === 'live' ? ownAddresses : undefined);
  // Rules come later, for there may be thousands; before them no source begins.
  const {network, sigma, learned, ruled, learning} = engineDetectors(settings, {
    ...latenessOf(mode),
    baseline: readBaseline(log),
    site: own.site,
  });
  const keeper = new ModelKeeper({
    detector: learned.logs,
    path: modelPath(dataDir, settings.DEFAULT.ModelFile),
    settings: settings.detect,
    log,
    clock: systemClock,
    stored: () => store.stats().logs,
    openHistory: () => openReader(dataDir, settings.store.engine),
  });
  const tell = (line: StartupLine) => {
    engine.board.opening(line);
    engine.touch();
  };
  const geo = new GeoKeeper({settings, dataDir, log, tell});
  const places = new EvidencePlaces(new EvidenceFiles(dataDir), settings.capture);
  const evidence = new EvidenceKeeper({
    files: places.files,
    places: () => places.list(),
    user: settings.capture.user,
    keptMegabytes: settings.capture.evidence_kept_megabytes,
    log,
  });
  const engine = new Engine({
    settings,
    identity: loadIdentity(dataDir, mode.type === 'demo' ? demoHost : undefined),
    mode: snapshotMode(mode),
    clock: systemClock,
    store,
    desk: new AlertDesk({
      settings,
      clock: systemClock,
      log,
      stored: id => store.loadAlert(id),
      onBegun: groups => evidence.onBegun(groups),
    }),
    detectors: [...ruled, ...learning],
    log,
    ...(geo.isWanted ? {enrich: events => (geo.now ? enrichFlows(events, geo.now) : events)} : {}),
    ...screen,
    model: () => keeper.view(),
    setBusy: busy => learned.logs.setBusy(busy),
  });
  engine.board.opening({what: 'configuration', state: 'ok', detail: configFile ?? 'no file: the defaults'});
  engine.board.opening({what: 'store', state: 'ok', detail: `${store.stats().engine} at ${store.stats().path}`});
  engine.start();
  if (settings.detect.learned)
    keeper.start(mode.type === 'live' && settings.detect.train, line => engine.board.opening(line));
  const rules = new RuleKeeper({detector: sigma, settings, dataDir, log, tell});
  const indicators = new IndicatorKeeper({detector: network, settings, dataDir, log, tell});
  let isStopped = false;
  const ready = Promise.all([
    settings.rules.sigma ? rules.start() : undefined,
    settings.network.watch ? indicators.start() : undefined,
    geo.start(),
  ]);
  const finished = ready.then(async () => {
    if (isStopped) return;
    const remembered = store.states().get(`detector:${sigma.id}`);
    if (settings.rules.sigma && remembered !== undefined) sigma.restore(remembered);
    await runSources(engine, {settings, dataDir, mode, log, evidence: places});
    // No event comes any more that would end a window.
    const last = [...(settings.rules.sigma ? sigma.finish() : []), ...network.finish()];
    engine.raise(last.map(alert => ({...alert, historical: mode.type === 'import'})));
    await engine.settled();
  });
  return {
    engine,
    finished,
    stop: async () => {
      isStopped = true;
      own.stop();
      await keeper.stop();
      await ready;
      await rules.stop();
      await indicators.stop();
      await geo.stop();
      engine.raise(network.finish());
      await engine.stop();
      await evidence.finish();
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

/** Files that are read one after another may overlap in time. */
function latenessOf(mode: EngineMode): {readonly lateness?: number} {
  return mode.type !== 'live' && mode.type !== 'demo' && mode.files.length > 1
    ? {lateness: Number.POSITIVE_INFINITY}
    : {};
}

function snapshotMode(mode: EngineMode): Snapshot['mode'] {
  if (mode.type === 'import') return 'replay';
  return mode.type;
}
