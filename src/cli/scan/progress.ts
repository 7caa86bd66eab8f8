import type {NumberedTarget} from './scanner.ts';

/** Tells a person at a terminal how far a scan is. */
export class Progress {
  readonly #total: number;
  readonly #files: number;
  readonly #say: (line: string) => void;
  readonly #clock: () => number;
  readonly #started: number;
  readonly #open = new Map<number, number>();
  #doneBytes = 0;
  #doneFiles = 0;
  #events = 0;
  #told = 0;

  /** `say` is given the line as it is now; `clock` gives milliseconds. */
  constructor(targets: readonly NumberedTarget[], say: (line: string) => void, clock: () => number) {
    this.#total = targets.reduce((sum, {bytes}) => sum + bytes, 0);
    this.#files = targets.length;
    this.#say = say;
    this.#clock = clock;
    this.#started = clock();
  }

  /** A file was read so far, and so many further events came of it. */
  read(file: number, bytes: number, events: number): void {
    this.#open.set(file, bytes);
    this.#events += events;
    this.#tell();
  }

  done({number, bytes}: NumberedTarget): void {
    this.#open.delete(number);
    this.#doneBytes += bytes;
    this.#doneFiles++;
    this.#tell();
  }

  #tell(): void {
    const now = this.#clock();
    if (now - this.#told < 200) return;
    this.#told = now;
    const seconds = (now - this.#started) / 1_000;
    const part = this.#part();
    const left = part > 0.01 && seconds > 1 ? `, ${lengthText((seconds * (1 - part)) / part)} left` : '';
    const rate = seconds > 0.5 ? `, ${Math.round(this.#events / seconds).toLocaleString('en')} a second` : '';
    const {length: width} = String(this.#files);
    this.#say(
      `${String(Math.floor(part * 100)).padStart(3)} %  ${String(this.#doneFiles).padStart(width)} of ${this.#files} files, ` +
        `${this.#events.toLocaleString('en')} events${rate}${left}`,
    );
  }

  /** A packed file's place is unknown, so what is open never counts as more than nearly all of the rest. */
  #part(): number {
    if (this.#total === 0) return 0;
    const open = [...this.#open.values()].reduce((sum, bytes) => sum + bytes, 0);
    return Math.min(0.99, (this.#doneBytes + Math.min(open, this.#total - this.#doneBytes)) / this.#total);
  }
}

function lengthText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes >= 60
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${minutes}:${String(whole % 60).padStart(2, '0')}`;
}
