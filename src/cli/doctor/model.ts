import type {Settings} from '../../config/settings.ts';
import {type Check, fails, note, ok} from './check.ts';

export interface ModelFacts {
  readonly settings: Settings['detect'];
  readonly path: string;
  readonly file:
    | {readonly state: 'none'}
    | {readonly state: 'loaded'; readonly trainedAt: string; readonly events: number}
    | {readonly state: 'refused' | 'denied'; readonly reason: string};
  /** Packages of TensorFlow.js, or files of them, that are missing. */
  readonly missing: readonly string[];
  readonly hasNodeBackend: boolean;
  readonly install: (name: string) => string;
}

/** Whether there is a learned model, and whether one can be trained here. */
export function modelChecks(facts: ModelFacts): readonly Check[] {
  if (!facts.settings.learned) return [ok('learned model', 'off: learned = no in [detect]')];
  return [model(facts), training(facts), nodeBackend(facts)];
}

function model({file, path, settings}: ModelFacts): Check {
  switch (file.state) {
    case 'loaded':
      return ok('learned model', `${path}, trained ${file.trainedAt} on ${file.events.toLocaleString('en')} events`);
    case 'refused':
      return fails('learned model', file.reason, 'siem train');
    case 'denied':
      return fails('learned model', `${path} may not be read: ${file.reason}`, 'run siem as the owner of that file');
    case 'none':
      return note(
        'learned model',
        `none at ${path}: it learns online meanwhile`,
        settings.train
          ? `siem train; or wait: siem monitor trains from ${settings.train_events} events on`
          : 'siem train',
      );
    default:
      return file satisfies never;
  }
}

function training({missing}: ModelFacts): Check {
  if (missing.length === 0) return ok('training', 'TensorFlow.js on WebAssembly');
  return fails('training', `TensorFlow.js lacks ${missing.join(', ')}`, 'npm install in the folder of siem');
}

function nodeBackend({settings, hasNodeBackend, install}: ModelFacts): Check {
  const name = '@tensorflow/tfjs-node';
  if (hasNodeBackend) return ok('tfjs-node', `installed; backend = ${settings.backend} in [detect]`);
  if (settings.backend === 'node') {
    return fails(
      'tfjs-node',
      `backend = node in [detect], and ${name} is not installed`,
      `${install(name)}; or backend = wasm`,
    );
  }
  return note('tfjs-node', `optional, not installed and not needed; added with: ${install(name)}`);
}
