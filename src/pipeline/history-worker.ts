// The reader thread: a connection that cannot write, so that the screen's questions hold up neither drawing nor storing.
import {parentPort, workerData} from 'node:worker_threads';
import {errorText} from '../event/error-code.ts';
import {QueryError} from '../query/expression.ts';
import {openReader} from '../store/open-reader.ts';
import {StoreError} from '../store/sink.ts';
import type {SqlReader} from '../store/store-reader.ts';
import type {FromHistory, HistoryFailure, HistoryOptions, ToHistory} from './history-messages.ts';
import {answer} from './history-service.ts';

const {dataDir, engine} = workerData as HistoryOptions;
const waiting: Extract<ToHistory, {type: 'ask'}>[] = [];
const cancelled = new Set<number>();
let reader: SqlReader | undefined;
let working = false;

parentPort?.on('message', (message: ToHistory) => {
  if (message.type === 'ask') {
    waiting.push(message);
    void work();
  } else cancel(message.id);
});

function cancel(id: number): void {
  const place = waiting.findIndex(asked => asked.id === id);
  if (place >= 0) waiting.splice(place, 1);
  else if (working) cancelled.add(id);
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let asked = waiting.shift(); asked; asked = waiting.shift()) {
    const message = await answered(asked);
    if (message && !cancelled.has(asked.id)) parentPort?.postMessage(message);
    // Whatever else is in here came too late for an answer that has left.
    cancelled.clear();
  }
  working = false;
}

async function answered({id, request}: Extract<ToHistory, {type: 'ask'}>): Promise<FromHistory | undefined> {
  try {
    reader ??= await openReader(dataDir, engine);
    const found = await answer(reader, request, () => cancelled.has(id));
    return found === undefined ? undefined : {id, answer: found};
  } catch (error) {
    // After a failing store the next question opens it anew: it may have been set aside and begun again.
    if (!(error instanceof QueryError)) closeReader();
    return {id, failure: failureOf(error)};
  }
}

function closeReader(): void {
  const failing = reader;
  reader = undefined;
  failing?.close();
}

function failureOf(error: unknown): HistoryFailure {
  const message = errorText(error);
  if (error instanceof QueryError) return {message, at: error.at};
  return error instanceof StoreError && error.mend !== undefined ? {message, mend: error.mend} : {message};
}
