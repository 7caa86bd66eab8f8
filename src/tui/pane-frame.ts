import type {Size, Theme} from './pane.ts';
import type {TitleText} from './panes/title.ts';

/** The room that a frame of this size leaves for its content. */
export function insideOf({width, height}: Size): Size {
  return {width: Math.max(0, width - 2), height: Math.max(0, height - 2)};
}

/** Cells that a title in the frame's upper edge may take. */
export function titleRoom({width}: Size): number {
  return Math.max(0, width - 6);
}

/** Draws a frame with a title in its upper edge around lines that fill its inside; a heavy one for the focused pane. */
export function framed(
  title: TitleText,
  inside: readonly string[],
  size: Size,
  focused: boolean,
  theme: Theme,
): readonly string[] {
  const {topLeft, topRight, bottomLeft, bottomRight, level, upright} = edges(focused, theme);
  const style = focused ? 'accent' : 'dim';
  const room = insideOf(size);
  const side = theme.paint(style, upright);
  const rest = Math.max(0, room.width - title.cells - 3);
  const lines = [
    `${theme.paint(style, topLeft + level)} ${title.text} ${theme.paint(style, level.repeat(rest) + topRight)}`,
  ];
  for (let row = 0; row < room.height; row++) lines.push(side + (inside[row] ?? ' '.repeat(room.width)) + side);
  lines.push(theme.paint(style, bottomLeft + level.repeat(room.width) + bottomRight));
  return lines.slice(0, size.height);
}

interface Edges {
  readonly topLeft: string;
  readonly topRight: string;
  readonly bottomLeft: string;
  readonly bottomRight: string;
  readonly level: string;
  readonly upright: string;
}

function edges(focused: boolean, theme: Theme): Edges {
  const characters = theme.unicode ? (focused ? '┏┓┗┛━┃' : '┌┐└┘─│') : focused ? '####=#' : '++++-|';
  const [topLeft = '', topRight = '', bottomLeft = '', bottomRight = '', level = '', upright = ''] = characters;
  return {topLeft, topRight, bottomLeft, bottomRight, level, upright};
}
