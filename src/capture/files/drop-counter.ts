import type {FileContext} from './file-format.ts';

/** Counts what is dropped between two batches, and tells of the first entry for each reason. */
export class DropCounter {
  readonly #context: Pick<FileContext, 'problem'>;
  readonly #told = new Set<string>();
  #counts: Record<string, number> = {};

  constructor(context: Pick<FileContext, 'problem'>) {
    this.#context = context;
  }

  add(reason: string, line: number): void {
    this.#counts[reason] = (this.#counts[reason] ?? 0) + 1;
    if (this.#told.has(reason)) return;
    this.#told.add(reason);
    this.#context.problem({reason, line});
  }

  take(): Record<string, number> {
    const taken = this.#counts;
    this.#counts = {};
    return taken;
  }
}
