import type {EcsRecord} from '../../event/ecs.ts';
import type {Micros} from '../../event/event.ts';
import {isAboutWire, isWireDataset} from '../../event/wire-row.ts';
import type {QueryRow} from '../../query/request.ts';
import type {AlertChange, AlertGroup} from '../../store/sink.ts';
import {thousands} from '../figures.ts';
import type {ListView, Pane, Style, Theme} from '../pane.ts';
import {remember} from '../remember.ts';
import {alertSeverity, logSeverity} from '../severity.ts';
import {cellWidth, fitCells, highlight, wrap} from '../text.ts';
import {scrolled} from './document.ts';
import {type Parts, partsLine} from './frame.ts';
import {microsOf} from './when.ts';

/** A log line near an alert in time. */
export interface ContextLine {
  readonly time: Micros;
  readonly level: number;
  readonly provider: string;
  readonly message: string;
  /** True for the line that set the alert off. */
  readonly trigger: boolean;
}

/** What Enter shows. Undefined lists are still being read from the store. */
export type DetailSubject =
  | {
      readonly type: 'alert';
      readonly alert: AlertGroup;
      readonly changes: readonly AlertChange[] | undefined;
      readonly events: readonly (QueryRow | EcsRecord)[] | undefined;
      readonly context: readonly ContextLine[] | undefined;
    }
  | {
      readonly type: 'record';
      readonly title: string;
      readonly record: QueryRow | EcsRecord;
      /** Of a log entry: what was logged around it. */
      readonly context?: readonly ContextLine[] | undefined;
    };

export interface DetailData {
  /** Kept the same object until something in it changes, so that scrolling need not lay it out again. */
  readonly subject: DetailSubject;
  readonly view: ListView;
}

/** All about one alert or one record, to scroll through. */
export const detailPane: Pane<DetailData> = ({subject, view}, size, theme) =>
  scrolled(documentOf(subject, size.width, theme, view.search), view, size);

/** How many lines there are to scroll through at this width. */
export function detailLength({subject, view}: DetailData, width: number, theme: Theme): number {
  return documentOf(subject, width, theme, view.search).length;
}

const documentOf = remember(
  (subject: DetailSubject, width: number, theme: Theme, search: string): readonly string[] => {
    const page = new Page(width, theme, search);
    if (subject.type === 'alert') writeAlert(page, subject);
    else {
      page.heading(subject.title);
      page.record(subject.record);
      if ('context' in subject)
        writeContext(page, subject.context, isWireDataset(String(subject.record['event.dataset'])));
    }
    return page.lines;
  },
);

function writeAlert(page: Page, subject: Extract<DetailSubject, {type: 'alert'}>): void {
  const {alert} = subject;
  const severity = alertSeverity(alert.level);
  page.parts([
    [severity.style, page.theme.unicode ? severity.unicode : severity.ascii],
    ['title', `  ${alert.ruleName}`],
  ]);
  page.blank();
  page.paragraph(alert.reason);
  page.blank();
  writeFacts(page, alert);
  writeChanges(page, subject.changes);
  writeContext(page, subject.context, isAboutWire(alert));
  page.section('Its events', subject.events?.length);
  for (const event of subject.events ?? []) page.line('plain', eventText(event, page.theme));
  page.section('Fields of the newest event', Object.keys(alert.event).length);
  page.record(alert.event);
}

function writeFacts(page: Page, alert: AlertGroup): void {
  const {theme} = page;
  page.field('about', alert.entity);
  page.field('count', thousands(alert.count));
  page.field('first', theme.clock(alert.first, 'date-time'));
  page.field('last', theme.clock(alert.last, 'date-time'));
  page.field('state', alert.historical ? `${alert.status}, historical: from before this run` : alert.status);
  page.field('type', alert.category);
  page.field('rule', alert.rule);
  if (alert.techniques.length > 0) page.field('ATT&CK', alert.techniques.join(', '));
  page.field('source', alert.code === 0 ? alert.provider : `${alert.provider}, event id ${alert.code}`);
  page.field('host', alert.host);
  page.field('alert id', alert.id);
}

function writeChanges(page: Page, changes: readonly AlertChange[] | undefined): void {
  if (changes?.length === 0) return;
  page.section('What was done about it', changes?.length);
  for (const change of changes ?? []) {
    const verdict = change.verdict === undefined ? '' : ` as ${change.verdict}`;
    const note = change.note === undefined ? '' : `: ${change.note}`;
    const time = page.theme.clock(change.time, 'date-time');
    page.line('plain', `${time}  ${change.actor}  ${change.action}${verdict}${note}`);
  }
}

function writeContext(page: Page, lines: readonly ContextLine[] | undefined, withWire: boolean): void {
  const leftOut = withWire ? '' : ', without applications';
  page.section(`Log lines a minute before and after${leftOut}`, lines?.length);
  for (const line of lines ?? []) writeContextLine(page, line);
}

function writeContextLine(page: Page, line: ContextLine): void {
  const {unicode} = page.theme;
  const severity = logSeverity(line.level);
  const mark = line.trigger ? (unicode ? '▶' : '>') : ' ';
  const level = fitCells(unicode ? severity.unicode : severity.ascii, 9, unicode);
  const source = fitCells(line.provider, 16, unicode);
  const style = line.trigger ? 'bold' : severity.style === 'dim' ? 'dim' : 'plain';
  page.parts([
    [line.trigger ? 'bold' : 'dim', `${mark} ${page.theme.clock(line.time, 'time')} `],
    [severity.style, level],
    [style, ` ${source} ${line.message}`],
  ]);
}

/** Its time by the clock that the rest goes by. */
function eventText(event: QueryRow | EcsRecord, theme: Theme): string {
  const {'@timestamp': time, 'event.code': code, 'event.provider': provider, message} = event;
  const told = [
    theme.clock(microsOf(time), 'date-time'),
    provider,
    code === undefined || code === null || code === 0 ? undefined : `id ${code}`,
    message,
  ];
  return told.filter(part => part !== undefined && part !== null && part !== '').join('  ');
}

/** Lines being laid out: each is finished, painted and of the full width. */
class Page {
  readonly lines: string[] = [];
  readonly width: number;
  readonly theme: Theme;
  readonly #search: string;

  constructor(width: number, theme: Theme, search: string) {
    this.width = width;
    this.theme = theme;
    this.#search = search;
  }

  parts(parts: Parts): void {
    this.lines.push(partsLine(parts, this.width, this.theme, this.#search));
  }

  raw(style: Style, text: string): void {
    this.parts([[style, text]]);
  }

  line(style: Style, text: string): void {
    this.raw(style, `  ${text}`);
  }

  blank(): void {
    this.raw('plain', '');
  }

  heading(text: string): void {
    this.raw('title', text);
    this.blank();
  }

  section(title: string, count: number | undefined): void {
    this.blank();
    this.raw('title', title);
    if (count === undefined) this.line('dim', this.theme.unicode ? 'reading …' : 'reading ...');
    else if (count === 0) this.line('dim', 'none stored');
  }

  paragraph(text: string): void {
    for (const part of wrap(text, Math.min(this.width, 110) - 2, this.theme.unicode)) this.raw('plain', part);
  }

  /** A name and its value, the value wrapped under itself. */
  field(name: string, value: string, cells = 12): void {
    const {unicode} = this.theme;
    const left = Math.min(cells, Math.max(0, this.width - 8));
    const room = this.width - left - 3;
    for (const [index, part] of wrap(value, room, unicode).entries()) {
      const label = fitCells(index === 0 ? `  ${name}` : '', Math.min(left + 3, this.width), unicode);
      const text = fitCells(part, this.width - cellWidth(label), unicode);
      this.lines.push(this.theme.paint('dim', label) + highlight(text, this.#search, this.theme, 'plain'));
    }
  }

  record(record: QueryRow | EcsRecord): void {
    const entries = Object.entries(record).filter(([, value]) => value !== null && value !== '');
    const cells = Math.min(34, Math.max(0, ...entries.map(([name]) => cellWidth(name))));
    for (const [name, value] of entries) {
      this.field(name, typeof value === 'object' ? (value ?? []).join(', ') : String(value), cells);
    }
  }
}
