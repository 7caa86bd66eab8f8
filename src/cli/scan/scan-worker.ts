import {parentPort, workerData} from 'node:worker_threads';
import type {FromScanner, ScanThread, ToScanner} from './scan-messages.ts';
import {Scanner} from './scanner.ts';

const progressEvery = 100;
const {setup, name} = workerData as ScanThread;
const scanner = new Scanner(setup, name);
const post = (message: FromScanner) => parentPort?.postMessage(message);

parentPort?.on('message', (message: ToScanner) => {
  if (message.type === 'end') {
    post({type: 'ended', result: scanner.end()});
    parentPort?.close();
    return;
  }
  void scanner.scan(message.target, progress()).then(
    report => post({type: 'done', report}),
    error => {
      throw error;
    },
  );
});

/** Tells only so often how far it is. */
function progress(): (bytes: number, events: number) => void {
  let events = 0;
  let told = performance.now();
  return (bytes, more) => {
    events += more;
    if (performance.now() - told < progressEvery) return;
    told = performance.now();
    post({type: 'progress', bytes, events});
    events = 0;
  };
}
