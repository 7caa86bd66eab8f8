import type {StartupLine} from '../../pipeline/snapshot.ts';
import type {Pane, Style, Theme} from '../pane.ts';
import {cellWidth, fitCells, wrap} from '../text.ts';
import {frame} from './frame.ts';

export interface StartupData {
  readonly title: string;
  readonly lines: readonly StartupLine[];
}

/** What is being opened and what failed, with the command that mends it. The newest lines stay in view. */
export const startupPane: Pane<StartupData> = ({title, lines}, size, theme) => {
  const {width, height} = size;
  const head = [theme.paint('title', fitCells(`  ${title}`, width, theme.unicode)), ' '.repeat(Math.max(0, width))];
  const body = lines.flatMap(line => startupLines(line, nameCells(lines, width), width, theme));
  return frame([...head, ...body.slice(-Math.max(0, height - head.length))].slice(0, Math.max(0, height)), size);
};

const looks: Readonly<Record<StartupLine['state'], {unicode: string; ascii: string; style: Style}>> = {
  ok: {unicode: '●', ascii: 'ok', style: 'good'},
  opening: {unicode: '◌', ascii: '..', style: 'dim'},
  failed: {unicode: '▲', ascii: '!!', style: 'high'},
  note: {unicode: '·', ascii: ' -', style: 'dim'},
};

function nameCells(lines: readonly StartupLine[], width: number): number {
  const widest = Math.max(0, ...lines.map(line => cellWidth(line.what)));
  return Math.max(0, Math.min(widest, 40, Math.floor(width / 3)));
}

function startupLines(line: StartupLine, name: number, width: number, theme: Theme): string[] {
  const {unicode} = theme;
  const look = looks[line.state];
  const left = name + 15;
  const rest = Math.max(0, width - left);
  const state = line.state === 'ok' || line.state === 'note' ? '' : line.state;
  const mark = fitCells(`  ${unicode ? look.unicode : look.ascii}`, Math.min(width, 5), unicode);
  const what = fitCells(
    `${fitCells(line.what, name, unicode)}  ${state}`,
    Math.min(left, width) - cellWidth(mark),
    unicode,
  );
  const details = rest > 0 ? wrap(line.detail, rest, unicode) : [''];
  const first = theme.paint(look.style, mark) + (line.state === 'failed' ? theme.paint('bold', what) : what);
  const lines = details.map((detail, index) => {
    const text = theme.paint('dim', fitCells(detail, rest, unicode));
    return (index === 0 ? first : ' '.repeat(Math.min(left, width))) + text;
  });
  if (line.mend !== undefined && rest > 0) lines.push(...mendLines(line.mend, left, rest, theme));
  return lines;
}

function mendLines(mend: string, left: number, rest: number, theme: Theme): string[] {
  return wrap(`to mend: ${mend}`, rest, theme.unicode).map(
    part => ' '.repeat(left) + theme.paint('accent', fitCells(part, rest, theme.unicode)),
  );
}
