import type {SourceState} from '../../capture/source.ts';
import type {Micros} from '../../event/event.ts';
import type {Conservation, ModelView, PacketCounters, Snapshot, SourceView} from '../../pipeline/snapshot.ts';
import {age, bytes, compact, progressPercent, sum, thousands} from '../figures.ts';
import type {ListView, Pane, Style, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {fitCells, fitMiddle, wrap} from '../text.ts';
import {scrolled} from './document.ts';
import {type Parts, partsLine} from './frame.ts';

export type SourcesData = Pick<Snapshot, 'sources' | 'total' | 'packetCounters' | 'model' | 'store'> & {
  /** The present, by the snapshot. */
  readonly now: Micros;
  readonly view: ListView;
};

/** Where events come from, what became of each, and the sums that prove that none went missing. */
export const sourcesPane: Pane<SourcesData> = (data, size, theme) =>
  scrolled(documentOf(data, size.width, theme), data.view, size);

/** How many lines there are to scroll through at this width. */
export function sourcesLength(data: SourcesData, width: number, theme: Theme): number {
  return documentOf(data, width, theme).length;
}

const documentOf = remember((data: SourcesData, width: number, theme: Theme): readonly string[] => {
  const lines = headerLines(width, theme);
  const heading = (text: string) => {
    lines.push(' '.repeat(Math.max(0, width)), partsLine([['title', text]], width, theme));
  };
  if (data.sources.length === 0) lines.push(partsLine([['dim', '  no source is set up']], width, theme));
  for (const source of data.sources) lines.push(...sourceLines(source, width, theme));
  heading('Every event is accounted for');
  lines.push(...balance(eventSum(data.total), width, theme));
  heading('Every packet is accounted for');
  lines.push(...balance(packetSum(data.packetCounters), width, theme));
  lines.push(...note(packetNote(data.packetCounters), 'dim', width, theme));
  heading('The learned model');
  lines.push(...note(modelNote(data.model, data.now), 'plain', width, theme));
  heading('The store');
  lines.push(...note(storeNote(data.store), data.store.state === 'ok' ? 'plain' : 'high', width, theme));
  return lines;
});

const detailFrom = 130;

/** Where figures and detail do not fit beside each other, figures stand in a line of their own below. */
function headerLines(width: number, theme: Theme): string[] {
  const head = `  ${fitCells('source', nameCells(width), theme.unicode)} ${'state'.padEnd(stateCells)}`;
  const titles = figureTitles(width)
    .map(([title, cells]) => title.padStart(cells))
    .join('');
  const indent = width < roomyFrom ? '  ' : '    ';
  return width >= detailFrom
    ? [partsLine([['header', `${head}${titles}  detail`]], width, theme)]
    : [
        partsLine([['header', `${head} detail`]], width, theme),
        partsLine([['header', `${indent}${titles}`]], width, theme),
      ];
}

function sourceLines(source: SourceView, width: number, theme: Theme): string[] {
  const {unicode} = theme;
  const look = stateLooks[source.state];
  const style = source.state === 'covered' || source.state === 'ended' ? 'dim' : 'plain';
  const head: Parts = [
    [style, `  ${fitMiddle(source.id, nameCells(width), unicode)} `],
    [look.style, `${unicode ? look.unicode : look.ascii} ${source.state}`.padEnd(stateCells)],
  ];
  const detail: Parts = [['dim', source.detail]];
  const indent: Parts = width < roomyFrom ? [blank] : [blank, blank];
  const lines =
    width >= detailFrom
      ? [[...head, ...figureParts(source, style, width), blank, ...detail]]
      : [[...head, blank, ...detail], ...(isIdle(source) ? [] : [[...indent, ...figureParts(source, 'dim', width)]])];
  const painted = lines.map(parts => partsLine(parts, width, theme));
  const dropped = reasons(source.dropped);
  if (dropped !== '') painted.push(...note(`dropped: ${dropped}`, 'dim', width, theme, 4));
  if (source.mend !== undefined) painted.push(...note(`to mend: ${source.mend}`, 'accent', width, theme, 4));
  return painted;
}

/** A row of noughts would say nothing. */
function isIdle(source: SourceView): boolean {
  return source.received === 0 && sum(source.dropped) === 0;
}

const blank = ['plain', '  '] as const;
const stateCells = 13;
/** The narrowest pane with room for the figures' full titles. */
const roomyFrom = 66;

function figureTitles(width: number): readonly (readonly [title: string, cells: number])[] {
  const roomy = width >= roomyFrom;
  return [
    ['rate/s', 6],
    ['received', 9],
    ['stored', roomy ? 9 : 8],
    roomy ? ['duplicate', 10] : ['dup', 6],
    ['filtered', 9],
    ['dropped', 8],
    ['in flight', 10],
  ];
}

function nameCells(width: number): number {
  return Math.max(6, Math.min(48, Math.floor(width * (width >= detailFrom ? 0.2 : 0.4))));
}

function figureParts(source: SourceView, style: Style, width: number): Parts {
  const titles = figureTitles(width);
  const dropped = sum(source.dropped);
  const values = [
    source.rate,
    source.received,
    source.stored,
    source.duplicate,
    source.filtered,
    dropped,
    source.inFlight,
  ];
  return values.map((value, index) => {
    const text = compact(value).padStart(titles[index]?.[1] ?? 0);
    return [index === 5 && dropped > 0 ? 'high' : style, text];
  });
}

function note(text: string, style: Style, width: number, theme: Theme, indent = 2): string[] {
  const lines = wrap(text, width - indent - 2, theme.unicode);
  return lines.map(line =>
    partsLine(
      [
        ['plain', ' '.repeat(indent)],
        [style, line],
      ],
      width,
      theme,
    ),
  );
}

const stateLooks: Readonly<Record<SourceState, {unicode: string; ascii: string; style: Style}>> = {
  starting: {unicode: '◌', ascii: '.', style: 'dim'},
  'catching-up': {unicode: '◔', ascii: '~', style: 'accent'},
  running: {unicode: '●', ascii: '*', style: 'good'},
  waiting: {unicode: '◌', ascii: '.', style: 'dim'},
  covered: {unicode: '○', ascii: 'o', style: 'dim'},
  failed: {unicode: '▲', ascii: '!', style: 'high'},
  ended: {unicode: '○', ascii: 'o', style: 'dim'},
};

interface Balance {
  readonly whole: string;
  readonly parts: readonly string[];
  readonly exact: boolean;
}

function eventSum(total: Conservation): Balance {
  const dropped = sum(total.dropped);
  const parts = total.stored + total.duplicate + total.filtered + dropped + total.inFlight;
  return {
    whole: `received ${thousands(total.received)}`,
    parts: [
      `stored ${thousands(total.stored)}`,
      `duplicate ${thousands(total.duplicate)}`,
      `filtered ${thousands(total.filtered)}`,
      `dropped ${thousands(dropped)}${dropped > 0 ? ` (${reasons(total.dropped)})` : ''}`,
      `in flight ${thousands(total.inFlight)}`,
    ],
    exact: parts === total.received,
  };
}

function packetSum(packets: PacketCounters): Balance {
  const dropped = sum(packets.dropped);
  const unknown = packets.lossUnknown ? ' and an unknown number' : '';
  return {
    whole: `kernel seen ${thousands(packets.seen)}`,
    parts: [
      `decoded ${thousands(packets.decoded)}`,
      `dropped ${thousands(dropped)}${unknown}${dropped > 0 ? ` (${reasons(packets.dropped)})` : ''}`,
    ],
    exact: packets.decoded + dropped === packets.seen,
  };
}

/** A sum that does not come out is a fault of this program, and is shown as one. */
function balance({whole, parts, exact}: Balance, width: number, theme: Theme): string[] {
  const sign = exact ? '=' : theme.unicode ? '≠' : '!=';
  const lines = wrap(`${whole} ${sign} ${parts.join(' + ')}`, width - 2, theme.unicode);
  return lines.map(part => theme.paint(exact ? 'plain' : 'critical', fitCells(`  ${part}`, width, theme.unicode)));
}

function packetNote(packets: PacketCounters): string {
  const merged = packets.aggregatedByOffload;
  return `${compact(packets.rate)}/s, ${bytes(packets.bytes)}, ${thousands(packets.flows)} flows open${
    merged > 0 ? `, ${thousands(merged)} merged by offload` : ''
  }`;
}

function modelNote(model: ModelView, now: Micros): string {
  const said = [model.state, model.detail];
  if (model.state === 'learning' || model.state === 'training') said[0] += `, ${progressPercent(model.progress)}`;
  if (model.trained > 0) said.push(`trained ${age(now - model.trained)} ago`);
  if (model.stepMicros > 0) said.push(`${compact(model.stepMicros)} µs a step`);
  said.push(`${thousands(model.scored)} scored`, `${thousands(model.skipped)} skipped to keep up`);
  return said.filter(part => part !== '').join(', ');
}

function storeNote(store: Snapshot['store']): string {
  const state = store.state === 'ok' ? '' : `${store.state.toUpperCase()}: `;
  const detail = store.detail === '' ? '' : `, ${store.detail}`;
  return `${state}${store.path}, ${store.engine}, ${bytes(store.bytes)}, ${thousands(store.logs)} log entries${detail}`;
}

function reasons(dropped: Readonly<Record<string, number>>): string {
  return Object.entries(dropped)
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason} ${thousands(count)}`)
    .join(', ');
}
