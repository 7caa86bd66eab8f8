import {headerLines} from './header-lines.ts';
import type {OnLine} from './line-splitter.ts';
import type {FilePlace, FilePosition} from './place.ts';
import {fingerprint} from './place.ts';
import {isCurrent, type Plan, planReading} from './plan.ts';
import {freshPlace, type LogReader, openReader} from './readers.ts';
import {describeFile, isMissing, type LogFile} from './rotation.ts';

/** One file in hand. */
export interface Step {
  file: LogFile;
  place: FilePlace | undefined;
  reader: LogReader | undefined;
  /** Bytes before this were written before this run began to watch. */
  historicalUntil: number;
  /** When it last gave new lines, ms. */
  grown: number;
  removalTold: boolean;
  /** Comment lines that the file begins with, where reading goes on behind them. */
  header: readonly string[];
}

export interface FollowerOptions {
  readonly path: string;
  readonly maxLine: number;
  /** ms a renamed file is still read, for its writer may not have turned to the new one yet. */
  readonly grace: number;
  /** Monotonic ms. */
  readonly now: () => number;
}

/** What a look at the path's files brought to light. */
export interface Findings {
  /** Places whose files are gone with what was written to them last. */
  readonly lost: readonly FilePlace[];
  /** Places whose file was emptied or written anew, and no rotated file holds what it held. */
  readonly truncated: readonly FilePlace[];
  /** Places whose file was deleted, and no rotated file holds what it held. */
  readonly removed: readonly FilePlace[];
}

/** Called with one line; the step tells the file it stands in. */
export type OnStepLine = (step: Step, ...line: Parameters<OnLine>) => void;

/** The files of one path in the order they were written, and how far each was read. */
export class Follower {
  readonly #options: FollowerOptions;
  #steps: Step[] = [];
  #generation = 0;
  #watermark = 0;
  /** Change of the newest file as of the last look: holds for the watermark once all until then is read. */
  #seenModified = 0;
  #rewritten: Step | undefined;
  #plan: Plan | undefined;
  #vanished = false;
  #damaged: string[] = [];
  readonly #backfillFrom: number;

  constructor(options: FollowerOptions, stored: FilePosition | undefined, backfillFrom: number) {
    this.#options = options;
    this.#generation = stored?.generation ?? 0;
    this.#backfillFrom = stored?.backfillFrom ?? backfillFrom;
    this.#watermark = stored?.watermark ?? this.#backfillFrom / 1000;
  }

  get backfillFrom(): number {
    return this.#backfillFrom;
  }

  /** Whether there is still something to read that was written before this run began. */
  get historical(): boolean {
    return this.#steps.some(step => (step.reader?.lines.readOffset ?? 0) < step.historicalUntil);
  }

  get empty(): boolean {
    return this.#steps.length === 0;
  }

  position(): FilePosition {
    return {
      version: 1,
      generation: this.#generation,
      watermark: this.#watermark,
      backfillFrom: this.#backfillFrom,
      places: this.#steps.flatMap(step => placeOf(step) ?? []),
    };
  }

  /** Finds the files to begin with. `changedAfter`: older ones are left alone on a first run. */
  async begin(stored: FilePosition | undefined, historical: boolean): Promise<Findings> {
    const plan = await planReading(this.#options.path, stored?.places ?? [], {changedAfter: this.#watermark});
    this.#takeUp(plan);
    this.#steps = plan.steps.map(({file, place}) => ({
      ...this.#newStep(file, place),
      historicalUntil: historical ? (file.packed ? Number.POSITIVE_INFINITY : file.size) : 0,
    }));
    const current = this.#steps.at(-1)?.file;
    const lost = plan.lost.filter(place => place.offset > 0 && !plan.copied.has(place));
    const truncated = lost.filter(place => current?.path === this.#options.path && current.inode === place.inode);
    return {lost, truncated, removed: []};
  }

  /**
   * Reads the next piece of the oldest file that has one, and gives its step; undefined when all are read to their
   * ends. A file that was renamed is let go after its grace.
   */
  async readNext(onLine: OnStepLine): Promise<Step | undefined> {
    for (const [at, step] of [...this.#steps].entries()) {
      const reader = step.reader ?? (await this.#open(step));
      if (!reader) return undefined;
      const next = this.#steps[at + 1];
      const isOwn = next ? undefined : () => this.#isOwn(reader);
      const outcome = await reader.read((text, offset, cut) => onLine(step, text, offset, cut), isOwn);
      if (outcome === 'more') {
        step.grown = this.#options.now();
        return step;
      }
      step.historicalUntil = Math.min(step.historicalUntil, reader.lines.readOffset);
      if (outcome === 'damaged') this.#damaged.push(step.file.path);
      if (!next) this.#rewritten = outcome === 'rewritten' ? step : undefined;
      else if (outcome !== 'end' || this.#isOver(step)) {
        // The next file's place must be known before this one's is given up.
        if (!(next.reader ?? (await this.#open(next)))) return undefined;
        reader.lines.flush((text, offset, cut) => onLine(step, text, offset, cut));
        await this.#letGo(step);
        return step;
      }
    }
    return undefined;
  }

  /** Paths of packed files that could not be read to their ends, since the last call. */
  takeDamaged(): readonly string[] {
    const taken = this.#damaged;
    this.#damaged = [];
    return taken;
  }

  /** Looks whether the path leads to another file by now, or to the same one written anew. Undefined: all as before. */
  async look(): Promise<Findings | 'missing' | undefined> {
    const last = this.#steps.at(-1);
    this.#watermark = Math.max(this.#watermark, this.#seenModified);
    if (last?.reader) this.#seenModified = (await last.reader.state()).modified;
    const current = await describeFile(this.#options.path);
    if (this.#rewritten || this.#vanished) return this.#reroute(this.#rewritten);
    if (!current) return this.#lookAtMissing(last);
    const place = last && placeOf(last);
    const same = place?.inode === current.inode && place.device === current.device;
    return last?.reader && same ? undefined : this.#reroute(undefined);
  }

  /** Gives a file its epoch when its first line is known. */
  epochOf(step: Step, firstLine: string): string {
    const epoch = step.reader?.lines.place.epoch;
    if (epoch) return epoch;
    const made = `${++this.#generation}.${fingerprint(Buffer.from(firstLine.slice(0, 256))).hash}`;
    step.reader?.lines.note({epoch: made});
    return made;
  }

  async close(): Promise<void> {
    await Promise.all(this.#steps.map(step => step.reader?.close()));
    this.#steps = [];
  }

  /**
   * A file that was filled, copied and emptied before anything was read of it looks like one that was never touched; the
   * copy that appeared beside it tells.
   */
  async #isOwn(reader: LogReader): Promise<boolean> {
    if (this.#plan === undefined || (await reader.state()).unlinked) return true;
    return isCurrent(this.#options.path, this.#plan);
  }

  #takeUp(plan: Plan): void {
    this.#plan = plan;
    for (const {modified} of plan.copied.values()) this.#watermark = Math.max(this.#watermark, modified);
  }

  #newStep(file: LogFile, place: FilePlace | undefined): Step {
    return {
      file,
      place,
      reader: undefined,
      historicalUntil: 0,
      grown: this.#options.now(),
      removalTold: false,
      header: [],
    };
  }

  /** Undefined where the file went, or was renamed, since it was found: the next look plans anew. */
  async #open(step: Step): Promise<LogReader | undefined> {
    try {
      const place = step.place ?? freshPlace(step.file);
      step.reader = await openReader(step.file, place, this.#options.maxLine);
      step.header = place.offset > 0 ? await headerLines(step.file.path) : [];
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#vanished = true;
    }
    return step.reader;
  }

  #isOver(step: Step): boolean {
    return step.file.packed || this.#options.now() - step.grown >= this.#options.grace;
  }

  async #letGo(step: Step): Promise<void> {
    this.#steps = this.#steps.filter(other => other !== step);
    if (step.reader) this.#watermark = Math.max(this.#watermark, (await step.reader.state()).modified);
    await step.reader?.close();
  }

  async #lookAtMissing(last: Step | undefined): Promise<Findings | 'missing'> {
    if (!last?.reader || last.removalTold || !(await last.reader.state()).unlinked) return 'missing';
    return this.#reroute(undefined);
  }

  /** Plans anew from what is in hand. Readers of files that are still what they were go on. */
  async #reroute(rewritten: Step | undefined): Promise<Findings> {
    this.#rewritten = undefined;
    this.#vanished = false;
    const before = new Map(this.#steps.flatMap(step => (step.reader || step.place ? [[placeOf(step), step]] : [])));
    const places = [...before.keys()].flatMap(place => place ?? []);
    const plan = await planReading(this.#options.path, places, {changedAfter: this.#watermark});
    this.#takeUp(plan);
    if (rewritten) {
      rewritten.place = placeOf(rewritten);
      await rewritten.reader?.close();
      rewritten.reader = undefined;
    }
    const kept = plan.steps.map(({file, place}) => {
      const step = place && before.get(place);
      if (!step) return this.#newStep(file, place);
      step.file = file;
      return step;
    });
    // A deleted file is read to its end through the descriptor that is still open.
    const held = plan.lost.flatMap(place => before.get(place) ?? []).filter(step => step.reader !== undefined);
    this.#steps = [...held, ...kept];
    return this.#judge(
      plan.lost.filter(place => !plan.copied.has(place)),
      held,
      rewritten,
    );
  }

  async #judge(lost: readonly FilePlace[], held: readonly Step[], rewritten: Step | undefined): Promise<Findings> {
    const removed: FilePlace[] = [];
    for (const step of held) {
      const place = placeOf(step);
      if (!place || !lost.includes(place) || step.removalTold || !(await step.reader?.state())?.unlinked) continue;
      step.removalTold = true;
      if (place.offset > 0) removed.push(place);
    }
    const truncated = lost.filter(place => place === rewritten?.place && place.offset > 0);
    const open = new Set(held.map(placeOf));
    const gone = lost.filter(place => place !== rewritten?.place && !open.has(place) && place.offset > 0);
    return {lost: gone, truncated, removed};
  }
}

function placeOf(step: Step): FilePlace | undefined {
  return step.reader?.lines.place ?? step.place;
}
