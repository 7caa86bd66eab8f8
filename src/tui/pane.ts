/** Styles a pane may use, by meaning; the theme turns them into SGR, or into nothing under NO_COLOR. */
export type Style =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'title'
  | 'header'
  | 'selected'
  | 'match'
  | 'critical'
  | 'high'
  | 'medium'
  | 'low'
  | 'informational'
  | 'good'
  | 'accent'
  | 'series0'
  | 'series1'
  | 'series2'
  | 'series3'
  | 'series4'
  | 'series5';

/** How text becomes cells on this terminal. */
export interface Theme {
  /** Wraps text in the style's escape codes; returns it unchanged where colour is off. */
  paint(style: Style, text: string): string;
  /** False where only ASCII may be shown. */
  readonly unicode: boolean;
  /** Formats a time of day or a date for a row, in the user's zone or UTC. */
  clock(micros: number, form: 'time' | 'time-ms' | 'date-time' | 'hour'): string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a list stands: which row is chosen, which is on top, whether the newest is followed. */
export interface ListView {
  /** Index into the rows, -1 for none. */
  readonly selected: number;
  /** Index of the first row shown. */
  readonly top: number;
  readonly follow: boolean;
  /** Set while paused: how many rows came since. */
  readonly missed?: number;
  /** Text of the filter in force, '' for none. Rows are filtered already. */
  readonly filter: string;
  /** Text searched for, to highlight, '' for none. */
  readonly search: string;
  readonly focused: boolean;
}

/**
 * A pane is a pure function. It returns exactly `height` lines, each exactly `width` cells wide (wide characters count
 * two), styled by the theme only, every escape sequence closed on its line.
 */
export type Pane<Data> = (data: Data, size: Size, theme: Theme) => readonly string[];
