import {LineFeed} from '../src/capture/logs/line-feed.ts';
import type {HistoryEvent} from '../src/detect/surprise/train/corpus.ts';
import {trainModel} from '../src/detect/surprise/train/train-model.ts';
import {systemClock} from '../src/event/clock.ts';
import type {LogEvent} from '../src/event/event.ts';
import {LogMix} from './log-mix.ts';

/** Cuts lines into events as the reader of a file does. */
export class MixFeed {
  private readonly feed: LineFeed;
  offset = 0;

  constructor() {
    const place = {path: '/var/log/mix.log', source: 'file:/var/log/mix.log', namePath: false};
    const context = {agent: 'bench', host: 'web1', position: undefined, backfillFrom: 0, clock: systemClock};
    this.feed = new LineFeed(place, {...context, news: () => {}});
  }

  parse(lines: readonly string[]): readonly LogEvent[] {
    const state = {epoch: 'bench', reference: systemClock(), notBefore: 0};
    for (const line of lines) {
      this.feed.add(line, this.offset, false, state);
      this.offset += line.length + 1;
    }
    return this.feed.take().events.filter(event => event.kind === 'log');
  }
}

/** Trains a model as the program does, on so many lines of the mix before those that are measured. */
export async function trainOnMix(lines: number, path: string): Promise<void> {
  await trainModel({
    history: history(lines),
    path,
    leastEvents: 1_000,
    backend: 'wasm',
    onLibraryOutput: text => process.stderr.write(text),
    signal: new AbortController().signal,
  });
}

function* history(lines: number): Generator<HistoryEvent> {
  const mix = new LogMix(11, systemClock() - 50 * lines);
  const feed = new MixFeed();
  for (let at = 0; at < lines; at += 1_000) {
    const batch = Array.from({length: Math.min(1_000, lines - at)}, () => mix.line());
    for (const event of feed.parse(batch)) yield {...event, host: event.host ?? event.origin.host};
  }
}
