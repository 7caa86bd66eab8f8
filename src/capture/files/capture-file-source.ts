import type {PacketCallbacks} from '../packets/packet-callbacks.ts';
import type {Emit, Source, SourceContext} from '../source.ts';
import {captureId, type ReadCaptureOptions, readCapture} from './read-capture.ts';

export interface CaptureFileOptions
  extends PacketCallbacks,
    Pick<ReadCaptureOptions, 'settings' | 'speed' | 'watched' | 'filter'> {
  readonly path: string;
}

/** A capture file as a source: for `siem monitor --read` and `siem import`. Waits for the pipeline; ends with the file. */
export class CaptureFileSource implements Source {
  readonly id: string;
  readonly #options: CaptureFileOptions;

  constructor(options: CaptureFileOptions) {
    this.#options = options;
    this.id = captureId(options.path);
  }

  async start(emit: Emit, signal: AbortSignal, context: SourceContext): Promise<void> {
    const {path, onPackets, onCounters, onAlerts, onTallies} = this.#options;
    const {agent, host, clock} = context;
    context.news({state: 'running', detail: `reading ${path}`});
    for await (const part of readCapture(path, {
      ...this.#options,
      agent,
      host,
      clock,
      signal,
    })) {
      if (part.batch) await emit(part.batch);
      if (part.alerts) onAlerts?.(part.alerts);
      if (part.packets) onPackets?.(part.packets);
      if (part.counters) onCounters?.(part.counters);
      if (part.tallies) onTallies?.(part.tallies);
      if (part.summary !== undefined) context.news({state: 'ended', detail: part.summary});
    }
  }
}
