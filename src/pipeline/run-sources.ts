import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {demoLength, writeDemo} from '../capture/demo/demo-files.ts';
import {DemoMachine} from '../capture/demo/demo-machine.ts';
import {CaptureFileSource} from '../capture/files/capture-file-source.ts';
import {isCapture} from '../capture/files/is-capture.ts';
import {LogFileSource} from '../capture/files/log-file-source.ts';
import type {PacketCallbacks} from '../capture/packets/packet-callbacks.ts';
import type {AppLog} from '../config/app-log.ts';
import type {Settings} from '../config/settings.ts';
import type {Engine} from './engine.ts';
import type {EngineMode} from './engine-messages.ts';
import type {EvidencePlaces} from './evidence-places.ts';
import {liveSources} from './live-sources.ts';

export interface RunParts {
  readonly settings: Settings;
  readonly dataDir: string;
  readonly mode: EngineMode;
  readonly log: AppLog;
  readonly evidence: EvidencePlaces;
}

/** Sets going what the mode wants read. Resolves when all of it is read; watching live never ends. */
export async function runSources(engine: Engine, parts: RunParts): Promise<void> {
  const {mode, settings, evidence} = parts;
  switch (mode.type) {
    case 'live':
      for (const source of await liveSources(settings, evidence.files.ring, hooks(engine, parts)))
        void engine.run(source);
      await forever();
      return;
    case 'replay':
    case 'import':
      // One after the other: two files of one flood must not crowd each other out of memory.
      for (const file of mode.files) await engine.run(fileSource(file, mode.speed, engine, parts));
      return;
    case 'demo':
      await runDemo(engine, mode, parts);
      return;
    default:
      mode satisfies never;
  }
}

/** What packets and samples tell the engine beside events. */
export function hooks(engine: Engine, {log}: RunParts) {
  return {
    onPackets: rows => engine.board.addPackets(rows),
    onCounters: counters => engine.packetCounters(counters),
    onAlerts: alerts => engine.raise(alerts),
    onTallies: tallies => engine.tally(tallies),
    log: (line: string) => log.info(`sensor: ${line}`),
    onSample: sample => engine.sample(sample),
    onProcesses: rows => engine.board.setProcesses(rows),
  } satisfies PacketCallbacks & Parameters<typeof liveSources>[2];
}

function fileSource(path: string, speed: number, engine: Engine, parts: RunParts, onFirstPackets = () => {}) {
  if (isCapture(path)) {
    parts.evidence.add({from: 'capture', path, interfaces: []});
    const {onPackets, ...others} = hooks(engine, parts);
    return new CaptureFileSource({
      path,
      speed,
      watched: parts.mode.type !== 'import',
      settings: parts.settings,
      filter: parts.settings.capture.filter,
      ...others,
      onPackets: rows => {
        onFirstPackets();
        onPackets(rows);
      },
    });
  }
  const historical = parts.mode.type === 'import';
  return new LogFileSource({path, speed, maxLine: parts.settings.sources.max_line, historical});
}

/** First the day before, at once, so that there is something to compare with; then the present as it happens. */
async function runDemo(engine: Engine, {seed, hurry}: Extract<EngineMode, {type: 'demo'}>, parts: RunParts) {
  const folder = join(parts.dataDir, 'demo');
  mkdirSync(folder, {recursive: true, mode: 0o711});
  const start = Date.now() * 1000;
  const files = await writeDemo(folder, {seed, start, length: demoLength});
  const machine = new DemoMachine({seed, ...hooks(engine, parts)});
  const maxLine = parts.settings.sources.max_line;
  const speed = hurry ? 0 : 1;
  await engine.run(new LogFileSource({path: files.history, speed: 0, maxLine, historical: true}));
  let begun = () => {};
  const firstPackets = new Promise<void>(resolve => {
    begun = resolve;
  });
  const capture = engine.run(fileSource(files.capture, speed, engine, parts, begun));
  if (hurry) machine.show();
  // All play by one clock, that of the capture, whose process takes a while to start: its first packet is of the first moment.
  else await Promise.race([firstPackets, capture]);
  const pace = {speed, begins: start, longestPause: demoLength / 1000};
  const log = new LogFileSource({path: files.log, maxLine, historical: false, ...pace});
  await Promise.all([capture, engine.run(log), ...(hurry ? [] : [engine.run(machine)])]);
}

function forever(): Promise<never> {
  return new Promise(() => {});
}
