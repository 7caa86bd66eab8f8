import type {FieldValue, LogEvent, Origin} from '../../../event/event.ts';
import {Levels} from '../../../event/level.ts';
import type {SourceContext} from '../../source.ts';
import {watchProvider} from './watch-event.ts';

export interface Report {
  readonly message: string;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly user?: string;
  readonly pid?: number;
}

/** Numbers and stamps what a watcher reports. Epoch and sequence come from its position, so they go on after a restart. */
export class WatchReporter {
  readonly epoch: string;
  sequence: number;
  readonly #origin: Origin;
  readonly #clock: SourceContext['clock'];

  constructor(
    source: string,
    context: SourceContext,
    saved: {readonly epoch: string; readonly sequence: number} | undefined,
  ) {
    this.#clock = context.clock;
    this.epoch = saved?.epoch ?? String(context.clock());
    this.sequence = saved?.sequence ?? 0;
    this.#origin = {agent: context.agent, host: context.host, source, epoch: this.epoch, dataset: 'watch'};
  }

  toEvent({message, fields, user, pid}: Report): LogEvent {
    const time = this.#clock();
    return {
      kind: 'log',
      origin: this.#origin,
      position: this.sequence++,
      time,
      ingested: time,
      level: Levels.notice,
      code: 0,
      provider: watchProvider,
      message,
      fields,
      ...(user !== undefined && {user}),
      ...(pid !== undefined && {pid}),
    };
  }
}
