import {statSync} from 'node:fs';
import type {LearnedModel} from './learned-model.ts';
import {loadModel, ModelError} from './model-file.ts';

/** What became of a model file that appeared or changed. */
export type ModelNews =
  | {readonly type: 'loaded'; readonly model: LearnedModel}
  | {readonly type: 'refused'; readonly code: ModelError['code']; readonly reason: string};

/**
 * Looks every few seconds whether the model file appeared or changed, and hands over what it holds: once at the start
 * where there is a file, then at each change. Returns what ends the watch; the timer keeps no process alive.
 */
export function watchModel(path: string, onNews: (news: ModelNews) => void, everyMillis = 3_000): () => void {
  let known = '';
  const look = (): void => {
    const found = identity(path);
    if (found === known) return;
    known = found;
    if (found !== '') onNews(read(path));
  };
  look();
  const timer = setInterval(look, everyMillis);
  timer.unref();
  return () => clearInterval(timer);
}

function identity(path: string): string {
  try {
    const stat = statSync(path, {throwIfNoEntry: false});
    return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
  } catch {
    // A folder that may not be entered: reading the file says so, once.
    return 'unreadable';
  }
}

function read(path: string): ModelNews {
  try {
    return {type: 'loaded', model: loadModel(path)};
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return {type: 'refused', code: error.code, reason: error.message};
  }
}
