import type {ExplainedLayer} from '../../capture/packets/explained.ts';
import type {PacketRow} from '../../pipeline/snapshot.ts';
import {thousands} from '../figures.ts';
import {type TreeLine, type TreeState, treeLines} from '../packet-tree.ts';
import type {Pane, Size, Theme} from '../pane.ts';
import {fitCells, wrap} from '../text.ts';
import {frame, type Parts, partsLine} from './frame.ts';
import {type ByteRange, fullHexWidth, hexHeight, hexLines} from './hex.ts';

/** An opened packet. */
export interface PacketSubject {
  readonly type: 'packet';
  readonly row: PacketRow;
  /** What was kept of it. */
  readonly bytes: Uint8Array;
  /** Its decode tree; undefined where there is none, or none yet. */
  readonly layers: readonly ExplainedLayer[] | undefined;
  /** Why there is none. */
  readonly note: string;
}

export interface PacketDetailData {
  readonly subject: PacketSubject;
  readonly tree: TreeState;
}

/** The decode tree of a packet, and its bytes with those of the chosen field lit up: beside it, or below. */
export const packetDetailPane: Pane<PacketDetailData> = ({subject, tree}, size, theme) => {
  const {head, treeSize, hexSize, beside} = partsOf(subject, size);
  const lines = headLines(subject, size.width, theme).slice(0, head);
  const fields = treePane(subject, tree, treeSize, theme);
  const bytes = hexLines(subject.bytes, rangeOf(subject, tree), hexSize, theme);
  if (beside) {
    const rule = theme.paint('dim', theme.unicode ? ' │ ' : ' | ');
    lines.push(...fields.map((line, row) => line + rule + (bytes[row] ?? '')));
  } else {
    const rule = theme.paint('dim', (theme.unicode ? '─' : '-').repeat(size.width));
    lines.push(...fields, ...(hexSize.height > 0 ? [rule] : []), ...bytes);
  }
  return frame(lines, size);
};

/** How many lines of the tree are seen. */
export function packetTreePage({subject}: PacketDetailData, size: Size): number {
  return partsOf(subject, size).treeSize.height;
}

interface Division {
  readonly head: number;
  readonly treeSize: Size;
  readonly hexSize: Size;
  readonly beside: boolean;
}

const besideFrom = 130;
const ruleCells = 3;

function partsOf({bytes}: PacketSubject, {width, height}: Size): Division {
  const head = height < 8 ? 0 : height < 24 ? 2 : 3;
  const left = Math.max(0, height - head);
  if (width >= besideFrom) {
    const treeSize = {width: width - fullHexWidth - ruleCells, height: left};
    return {head, treeSize, hexSize: {width: fullHexWidth, height: left}, beside: true};
  }
  // The tree keeps the larger part, and a line goes to the rule between them.
  const hex = Math.max(0, Math.min(hexHeight(bytes, width), Math.floor((left - 1) * 0.45)));
  const treeSize = {width, height: hex === 0 ? left : left - hex - 1};
  return {head, treeSize, hexSize: {width, height: hex}, beside: false};
}

function headLines({row, bytes}: PacketSubject, width: number, theme: Theme): string[] {
  const kept = bytes.length < row.length ? `, the first ${thousands(bytes.length)} kept` : '';
  const way = row.outgoing ? 'out of ' : '';
  // The kernel took the tag out: it is in no layer.
  const tag = row.vlan < 0 ? '' : `, VLAN ${row.vlan}`;
  const day = theme.clock(row.time, 'date-time').slice(0, 10);
  const line = `${day} ${theme.clock(row.time, 'time-ms')}  ${way}${row.interface}${tag}  ${thousands(row.length)} bytes${kept}`;
  const problem: Parts = row.problem === '' ? [] : [['high', `${row.problem}  `]];
  const about = partsLine([...problem, ['plain', row.information]], width, theme);
  return [theme.paint('bold', fitCells(line, width, theme.unicode)), about, ' '.repeat(Math.max(0, width))];
}

function treePane({layers, note}: PacketSubject, tree: TreeState, size: Size, theme: Theme): string[] {
  if (layers === undefined || layers.length === 0) {
    const lines = wrap(note, size.width - 2, theme.unicode);
    return frame(
      lines.map(line => theme.paint('dim', fitCells(`  ${line}`, size.width, theme.unicode))),
      size,
    );
  }
  const lines = treeLines(countsOf(layers), tree.folded);
  const top = Math.max(0, Math.min(tree.cursor - Math.floor(size.height / 2), lines.length - size.height));
  const seen = lines.slice(top, top + Math.max(0, size.height));
  return frame(
    seen.map((line, index) => treeLine(layers, line, top + index === tree.cursor, tree, size.width, theme)),
    size,
  );
}

/** Fields a layer. */
export function countsOf(layers: readonly ExplainedLayer[] | undefined): readonly number[] {
  return layers?.map(({fields}) => fields.length) ?? [];
}

const nameCells = 24;

function treeLine(
  layers: readonly ExplainedLayer[],
  {layer, field}: TreeLine,
  chosen: boolean,
  {folded}: TreeState,
  width: number,
  theme: Theme,
): string {
  const {unicode} = theme;
  const mark = chosen ? (unicode ? '▸ ' : '> ') : '  ';
  const found = layers[layer];
  const told = found?.fields[field];
  if (told !== undefined) {
    const name = fitCells(`    ${told.name}`, Math.min(nameCells + 4, width), unicode);
    return filled(
      [
        ['dim', mark + name],
        ['plain', `  ${told.value}`],
      ],
      chosen,
      width,
      theme,
    );
  }
  const sign = folded.includes(layer) ? '+ ' : '- ';
  const isWrong = found?.layer === 'problems';
  const about = `  ${found?.start ?? 0}..${(found?.start ?? 0) + (found?.length ?? 0)}`;
  return filled(
    [
      [isWrong ? 'high' : 'title', `${mark}${sign}${found?.layer ?? ''}`],
      ['dim', about],
    ],
    chosen,
    width,
    theme,
  );
}

/** A chosen line is lit over its whole width. */
function filled(parts: Parts, chosen: boolean, width: number, theme: Theme): string {
  if (!chosen) return partsLine(parts, width, theme);
  const text = parts.map(([, part]) => part).join('');
  return theme.paint('selected', fitCells(text, width, theme.unicode));
}

function rangeOf({layers}: PacketSubject, tree: TreeState): ByteRange {
  const line = treeLines(countsOf(layers), tree.folded)[tree.cursor];
  const layer = line && layers?.[line.layer];
  return (line && layer?.fields[line.field]) ?? layer ?? {start: 0, length: 0};
}
