import type {Settings} from '../config/settings.ts';
import type {Command, SnapshotUpdate} from './snapshot.ts';

/** What the main thread tells the engine's thread when it starts it. */
export interface EngineOptions {
  readonly settings: Settings;
  readonly dataDir: string;
  /** The configuration file in use, where there is one. */
  readonly configFile?: string | undefined;
  readonly mode: EngineMode;
}

/** `live` watches this machine; `replay` and `import` read files through the same pipeline; `demo` plays a scenario. */
export type EngineMode =
  | {readonly type: 'live'}
  | {readonly type: 'replay' | 'import'; readonly files: readonly string[]; readonly speed: number}
  | {readonly type: 'demo'; readonly seed: number; readonly hurry: boolean};

/** Main thread → engine. */
export type ToEngine =
  | {readonly type: 'command'; readonly command: Command}
  /** An update was taken: the next may come. While the terminal is stopped none is, and none piles up. */
  | {readonly type: 'taken'};

/** Engine → main thread. */
export type FromEngine =
  | {readonly type: 'update'; readonly update: SnapshotUpdate}
  /** All files were read, or the demonstration was played, and everything is stored. */
  | {readonly type: 'finished'}
  | {readonly type: 'failed'; readonly message: string; readonly mend?: string};
