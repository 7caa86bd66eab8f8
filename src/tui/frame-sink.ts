import {EventEmitter} from 'node:events';
import type {Size} from './pane.ts';

export interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

/** A part of the screen that is painted past Ink: an empty Box gives the place, a painter gives the lines. */
export interface Surface {
  /** Where it lies now, or undefined while it has no place. Asked after each of Ink's frames, not each paint. */
  rectangle(): Rectangle | undefined;
  /** Exactly `height` lines of `width` cells. */
  lines(size: Size): readonly string[];
}

/** What is needed of a terminal: `write` gives false when the terminal is behind, `drain` comes when it has caught up. */
export interface SinkTerminal extends EventEmitter {
  readonly columns: number;
  readonly rows: number;
  write(text: string): boolean;
}

interface Placed {
  readonly surface: Surface;
  place: Rectangle | undefined;
  /** As they stand on the terminal; undefined where that is not known. */
  shown: (string | undefined)[];
}

const beginUpdate = '\x1b[?2026h';
const endUpdate = '\x1b[?2026l';

/**
 * Puts frames on a terminal by writing only the rows that differ. Ink renders whole frames into `stdout` (its debug
 * mode); surfaces are painted over them. All of one paint is one write, within a synchronised update, with absolute
 * positions, never below the last row. While the terminal is behind nothing is written: the next paint shows the
 * newest state, so nothing queues up.
 */
export class FrameSink {
  /** What Ink is given as its terminal. */
  readonly stdout: FrameStream;
  readonly #terminal: SinkTerminal;
  readonly #surfaces = new Set<Placed>();
  #frame: readonly string[] = [];
  #shown: (string | undefined)[] = [];
  #newFrame = false;
  #clear = true;
  #behind = false;
  #open = true;
  readonly #onDrain = () => {
    this.#behind = false;
    this.paint();
  };

  constructor(terminal: SinkTerminal) {
    this.#terminal = terminal;
    this.stdout = new FrameStream(terminal, frame => {
      this.#frame = frame.split('\n');
      this.#newFrame = true;
    });
    terminal.on('drain', this.#onDrain);
  }

  /** Adds a surface; the returned function removes it. It is placed when Ink's next frame comes. */
  add(surface: Surface): () => void {
    const placed: Placed = {surface, place: undefined, shown: []};
    this.#surfaces.add(placed);
    this.#newFrame = true;
    return () => {
      this.#surfaces.delete(placed);
      this.#forget(placed);
      this.#newFrame = true;
    };
  }

  /** Writes what changed since the last paint. */
  paint(): void {
    if (!this.#open || this.#behind) return;
    if (this.#newFrame) this.#placeSurfaces();
    const text = this.#cleared() + this.#frameRows() + this.#surfaceRows();
    this.#newFrame = false;
    if (text !== '') this.#behind = !this.#terminal.write(beginUpdate + text + endUpdate);
  }

  /** Writes everything anew: after a resize, after the terminal was someone else's, or when asked for. */
  repaint(): void {
    this.#clear = true;
    this.paint();
  }

  /** To be called when the terminal has a new size: lets Ink lay out anew, then the whole screen is written. */
  resized(): void {
    this.#clear = true;
    this.#newFrame = true;
    this.stdout.emit('resize');
  }

  /** While closed nothing is written; opening starts from an unknown screen. */
  setOpen(open: boolean): void {
    this.#open = open;
    this.#behind = false;
    if (open) this.repaint();
  }

  close(): void {
    this.#open = false;
    this.#terminal.off('drain', this.#onDrain);
  }

  #placeSurfaces(): void {
    for (const placed of this.#surfaces) {
      const place = this.#clipped(placed.surface.rectangle());
      if (samePlace(place, placed.place)) continue;
      this.#forget(placed);
      placed.place = place;
      placed.shown = [];
    }
  }

  /** A surface that does not fit (the terminal shrank, Ink has not laid out yet) is not painted at all. */
  #clipped(place: Rectangle | undefined): Rectangle | undefined {
    if (!place || place.width < 1 || place.height < 1 || place.x < 0 || place.y < 0) return undefined;
    const {columns, rows} = this.#terminal;
    return place.x + place.width > columns || place.y + place.height > rows ? undefined : place;
  }

  /** What lay under a surface that went away must be written again. */
  #forget(placed: Placed): void {
    if (!placed.place) return;
    const {y, height} = placed.place;
    for (let row = y; row < y + height; row++) this.#shown[row] = undefined;
  }

  #cleared(): string {
    if (!this.#clear) return '';
    this.#clear = false;
    this.#shown = Array.from({length: this.#terminal.rows}, () => '');
    for (const placed of this.#surfaces) placed.shown = [];
    return '\x1b[0m\x1b[2J';
  }

  #frameRows(): string {
    let text = '';
    for (let row = 0; row < this.#terminal.rows; row++) {
      const line = this.#frame[row] ?? '';
      if (line === this.#shown[row]) continue;
      // Erased before it is written, not after: after a full row the cursor still stands on the last cell.
      text += `\x1b[${row + 1};1H\x1b[0m\x1b[2K${line}\x1b[0m`;
      this.#shown[row] = line;
      this.#uncover(row);
    }
    return text;
  }

  #uncover(row: number): void {
    for (const placed of this.#surfaces) {
      if (!placed.place) continue;
      const line = row - placed.place.y;
      if (line >= 0 && line < placed.place.height) placed.shown[line] = undefined;
    }
  }

  #surfaceRows(): string {
    let text = '';
    for (const placed of this.#surfaces) if (placed.place) text += changedLines(placed, placed.place);
    return text;
  }
}

function changedLines(placed: Placed, place: Rectangle): string {
  const lines = placed.surface.lines(place);
  let text = '';
  for (let row = 0; row < place.height; row++) {
    const line = lines[row] ?? '';
    if (line === placed.shown[row]) continue;
    text += `\x1b[${place.y + row + 1};${place.x + 1}H${line}\x1b[0m`;
    placed.shown[row] = line;
  }
  return text;
}

function samePlace(a: Rectangle | undefined, b: Rectangle | undefined): boolean {
  if (!a || !b) return a === b;
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** Looks enough like a terminal for Ink. Says that it is none, so that Ink sends frames only, no cursor codes. */
export class FrameStream extends EventEmitter {
  readonly isTTY = false;
  readonly #size: {readonly columns: number; readonly rows: number};
  readonly #onFrame: (frame: string) => void;

  constructor(size: {readonly columns: number; readonly rows: number}, onFrame: (frame: string) => void) {
    super();
    this.#size = size;
    this.#onFrame = onFrame;
  }

  get columns(): number {
    return this.#size.columns;
  }

  get rows(): number {
    return this.#size.rows;
  }

  write(frame: string): boolean {
    this.#onFrame(frame);
    return true;
  }
}
