import type {Settings} from '../../config/settings.ts';
import type {NativeProbe} from '../../store/native-library.ts';
import type {StorePeek} from '../../store/peek.ts';
import {type Check, fails, note, ok} from './check.ts';

export interface StoreFacts {
  readonly dataDir: string;
  readonly settings: Settings['store'];
  readonly native: NativeProbe;
  readonly peek: StorePeek;
  /** The process that has the folder's lock. */
  readonly holder: number | undefined;
  /** The folder may not be looked into, so its lock cannot be seen. */
  readonly hidden: boolean;
  /** How a package is added here. */
  readonly install: (name: string) => string;
}

/** Which SQLite stores here and why, and what state the store is in. */
export function storeChecks(facts: StoreFacts): readonly Check[] {
  return [monitor(facts), engine(facts), fullText(facts), ...stored(facts)];
}

function monitor({dataDir, holder, hidden}: StoreFacts): Check {
  if (hidden) return note('monitor', `whether one runs on ${dataDir} may not be seen`, 'run siem doctor as its owner');
  if (holder === undefined) return ok('monitor', `none runs on ${dataDir}`);
  return ok('monitor', `process ${holder} runs on ${dataDir}; a second one would be refused`);
}

function engine({settings, native, install}: StoreFacts): Check {
  const why = native.reasons.join('; ');
  if (settings.engine === 'sql.js') return ok('store engine', 'sql.js, as engine in [store] asks');
  if (native.library) return ok('store engine', chosenFirst(native.reasons));
  const mend = `${install('@photostructure/sqlite')}; or Node 22.16 or later`;
  if (settings.engine === 'native') {
    return fails('store engine', `engine = native in [store], and there is none: ${why}`, `${mend}; or engine = auto`);
  }
  return note('store engine', `sql.js, which holds all in memory: ${why}`, mend);
}

/** The last reason is the library that was taken; those before say why not the others. */
function chosenFirst(reasons: readonly string[]): string {
  const passed = reasons.slice(0, -1).join('; ');
  return `${reasons.at(-1) ?? ''}${passed && `; ${passed}`}`;
}

function fullText({settings, native, install}: StoreFacts): Check {
  if (!settings.full_text) return ok('full text', 'off: full_text = no in [store]; words are looked for row by row');
  if (native.library && settings.engine !== 'sql.js') return ok('full text', 'the words of messages are indexed');
  const mend = native.library ? 'engine = auto in [store]' : install('@photostructure/sqlite');
  return note('full text', 'sql.js has no index of words: they are looked for row by row', mend);
}

function stored({dataDir, peek, holder}: StoreFacts): readonly Check[] {
  switch (peek.state) {
    case 'none':
      return [note('store', `none in ${dataDir} yet: siem monitor makes it`)];
    case 'denied':
      return [fails('store', peek.detail, 'run siem as the owner of the data folder; or another folder: --data-dir')];
    case 'busy':
      return [note('store', peek.detail, 'close the other program that has it open')];
    case 'damaged':
      return [
        fails('store', `damaged: ${peek.detail}`, 'siem monitor: it sets the damaged file aside and begins a new one'),
      ];
    case 'newer':
      return [
        fails('store', `${layout(peek)}, made by a newer siem`, 'use that newer siem; or another folder: --data-dir'),
      ];
    case 'older':
      return [note('store', layout(peek), 'siem monitor: it brings the store to the newest layout')];
    case 'current': {
      const left = peek.unfolded && holder === undefined;
      const ending = left ? '; its writer was killed, the next start folds the last rows in' : '';
      return [ok('store', `${layout(peek)}${ending}`)];
    }
    default:
      return peek satisfies never;
  }
}

function layout({layout, known, bytes}: Extract<StorePeek, {layout: number}>): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB, layout ${layout} (this program: ${known})`;
}
