import {parentPort, workerData} from 'node:worker_threads';
import {openAppLog} from '../config/app-log.ts';
import {errorCode, errorText} from '../event/error-code.ts';
import {folderError} from '../store/folder.ts';
import type {EngineOptions, FromEngine, ToEngine} from './engine-messages.ts';
import type {SnapshotUpdate} from './snapshot.ts';
import {startEngine} from './start-engine.ts';
import {keepMemorySteady} from './steady-memory.ts';

/** Updates on their way to the screen at once. */
const mostUntaken = 2;
const options = workerData as EngineOptions;
const log = openAppLog(options.dataDir, options.settings.log);
const post = (message: FromEngine) => parentPort?.postMessage(message);

keepMemorySteady();
try {
  let untaken = 0;
  const screen = {
    ready: () => untaken < mostUntaken,
    publish: (update: SnapshotUpdate) => {
      untaken++;
      post({type: 'update', update});
    },
  };
  const {engine, finished, stop} = await startEngine(options, log, screen);
  parentPort?.on('message', (message: ToEngine) => {
    if (message.type === 'taken') {
      untaken--;
      return;
    }
    const {command} = message;
    if (command.type !== 'stop') engine.command(command);
    else void stop().then(() => process.exit(0), fail);
  });
  void finished.then(() => {
    engine.publishNow();
    post({type: 'finished'});
  }, fail);
} catch (error) {
  fail(error);
}

function fail(thrown: unknown): void {
  log.error(`the engine stopped: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
  const error = errorCode(thrown) === 'ENOSPC' ? folderError(thrown, options.dataDir, 'write') : thrown;
  const mend = typeof error === 'object' && error !== null && 'mend' in error ? String(error.mend ?? '') : '';
  post({type: 'failed', message: errorText(error), ...(mend === '' ? {} : {mend})});
}
