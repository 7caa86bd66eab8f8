import {parentPort, workerData} from 'node:worker_threads';
import type {FromScanner, ScanThread, ToScanner} from './scan-messages.ts';
import {Scanner} from './scanner.ts';

const progressEvery = 100;
const {setup, name} = workerData as ScanThread;
const scanner = new Scanner(setup, name);
const post = (message: FromScanner) => parentPort?.postMessage(message);

let told = performance.now();
/** Events that were not told yet. */
let events = 0;
let bytes = 0;

parentPort?.on('message', (message: ToScanner) => {
  if (message.type === 'end') {
    post({type: 'ended', result: scanner.end()});
    parentPort?.close();
    return;
  }
  void scanner.scan(message.target, onProgress).then(
    report => {
      tell();
      post({type: 'done', report});
    },
    error => {
      throw error;
    },
  );
});

function onProgress(upTo: number, more: number): void {
  bytes = upTo;
  events += more;
  if (performance.now() - told >= progressEvery) tell();
}

function tell(): void {
  told = performance.now();
  post({type: 'progress', bytes, events});
  events = 0;
}
