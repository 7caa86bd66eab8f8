import {minute} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {helpBindings} from './keymap.ts';
import {type ListState, toListView} from './list-state.ts';
import {viewNotes} from './log-views.ts';
import {unfoldedTree} from './packet-tree.ts';
import type {ListView, Size, Theme} from './pane.ts';
import {framed, insideOf, titleRoom} from './pane-frame.ts';
import {paneTitles} from './pane-titles.ts';
import {alertsPage, alertsPane} from './panes/alerts.ts';
import {chartsPages, chartsPane} from './panes/charts.ts';
import {conversationsPane} from './panes/conversations.ts';
import {detailLength, detailPane} from './panes/detail.ts';
import {helpPane} from './panes/help.ts';
import {listPage} from './panes/list.ts';
import {logsPane} from './panes/logs.ts';
import {type PacketDetailData, packetDetailPane, packetTreePage} from './panes/packet-detail.ts';
import {packetsPane} from './panes/packets.ts';
import {sourcesLength, sourcesPane} from './panes/sources.ts';
import {startupPane} from './panes/startup.ts';
import {statusBar} from './panes/status-bar.ts';
import {talkersPane} from './panes/talkers.ts';
import {titleText} from './panes/title.ts';
import {promptError, promptLine} from './prompt-line.ts';
import {trafficOrderText} from './rows.ts';
import type {ScreenModel} from './screen-model.ts';
import {suspectsOf} from './suspects.ts';
import {cellWidth, fitCells} from './text.ts';
import {type ListId, type PaneId, paneIds} from './view-state.ts';

/** The parts of the screen that are painted past Ink. */
export type Part = PaneId | 'clock' | 'status' | 'line' | 'startup' | 'help' | 'details';

/** The periods that the line charts can show. */
export const chartSpans: readonly Micros[] = [minute, 5 * minute, 15 * minute, 60 * minute];

/** Paints one part of the screen as exactly `height` lines of `width` cells. */
export function paintPart(part: Part, model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  switch (part) {
    case 'alerts':
    case 'logs':
      return paintList(part, part, model, size, theme);
    case 'packets':
      return paintList(part, model.view.packetView, model, size, theme);
    case 'charts':
      return paintCharts(model, size, theme);
    case 'sources':
      return paintSources(model, size, theme);
    case 'details':
      return paintDetails(model, size, theme);
    case 'help':
      return paintHelp(model, size, theme);
    case 'startup':
      return paintStartup(model, size, theme);
    case 'status':
      return statusLine(model, size, theme);
    case 'clock':
      return [clockLine(model, size, theme)];
    case 'line':
      return [promptLine(model.view, size.width, theme)];
    default:
      return part satisfies never;
  }
}

/** A message about what is being typed goes before the figures. */
function statusLine(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const error = promptError(model.view, size.width, theme);
  if (error !== undefined) return [error];
  return model.newest ? statusBar(model.newest, size, theme) : blank(size);
}

function paintList(pane: PaneId, list: ListId, model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const inside = insideOf(size);
  const state = model.listFor(list, list === 'alerts' ? alertsPage(inside) : listPage(inside));
  const view = toListView(state, model.view.focus === pane, model.missed(list));
  const lines = listOfRows(list, view, model, inside, theme);
  return inFrame(pane, view, model.rows[list].length, listNote(list, state, model), lines, size, theme);
}

function listOfRows(list: ListId, view: ListView, model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const {rows, snapshot} = model;
  const {time: now = 0, alerts = [], talkers = []} = snapshot ?? {};
  const isOnWire = list === 'logs' && model.view.logView === 'applications';
  const data = {view, now, empty: isOnWire ? noApplications : empties[list]};
  switch (list) {
    case 'alerts':
      return alertsPane({...data, rows: rows.alerts}, size, theme);
    case 'logs':
      return logsPane({...data, rows: rows.logs}, size, theme);
    case 'packets':
      return packetsPane({...data, rows: rows.packets, suspects: suspectsOf(alerts), talkers}, size, theme);
    case 'conversations':
      return conversationsPane({...data, rows: rows.conversations, suspects: suspectsOf(alerts)}, size, theme);
    case 'talkers':
      return talkersPane({...data, rows: rows.talkers, suspects: suspectsOf(alerts)}, size, theme);
    default:
      return list satisfies never;
  }
}

const noApplications =
  'Nothing seen on the wire yet: DNS, TLS, HTTP, SSH and DHCP come here from packets and other sensors.';

const empties: Readonly<Record<ListId, string>> = {
  alerts: 'Nothing found so far. Findings of rules, network detectors and the learned model come here.',
  logs: 'No log entry yet. Pane 5 (Sources) says what is read.',
  packets: 'No packet yet. Pane 5 (Sources) says whether packets can be captured here, and what to do if not.',
  conversations: 'No conversation yet. They are shown when they begin, each ten seconds, and when they end.',
  talkers: 'Nobody talked yet. Addresses are shown with the first report of a conversation of theirs.',
};

function listNote(list: ListId, state: ListState, {view}: ScreenModel): string | undefined {
  if (list === 'alerts') return view.alertOrder === 'time' ? undefined : `by ${view.alertOrder}`;
  if (list === 'conversations' || list === 'talkers') return `${list} by ${trafficOrderText(view.trafficOrder)}`;
  const shows = list === 'logs' ? viewNotes[view.logView] : undefined;
  const stands = state.follow || state.index < 0 ? undefined : 'G follows';
  return [shows, stands].filter(note => note !== undefined).join(', ') || undefined;
}

function paintCharts(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const {snapshot, view, samples} = model;
  const inside = insideOf(size);
  const pages = chartsPages(inside);
  model.areas.charts = {pages, zooms: chartSpans.length};
  const span = chartSpans[view.charts.zoom] ?? minute;
  const page = Math.min(view.charts.page, pages - 1);
  const lines = snapshot
    ? chartsPane({...snapshot, samples, now: snapshot.time, span, page}, inside, theme)
    : blank(inside);
  const note = `${span / minute} min${pages > 1 ? `, page ${page + 1}/${pages}` : ''}`;
  return inFrame('charts', plainView(view.focus === 'charts', 0), -1, note, lines, size, theme);
}

function paintSources(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const {snapshot, view} = model;
  const inside = insideOf(size);
  const shown = plainView(view.focus === 'sources', view.sourcesTop);
  if (!snapshot) return inFrame('sources', shown, -1, undefined, blank(inside), size, theme);
  const data = {...snapshot, now: snapshot.time, view: shown};
  model.areas.sources = {lines: sourcesLength(data, inside.width, theme), page: inside.height};
  return inFrame('sources', shown, snapshot.sources.length, undefined, sourcesPane(data, inside, theme), size, theme);
}

function paintDetails(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const detail = model.view.details.at(-1);
  const subject = detail && model.details.get(detail.key);
  const inside = insideOf(size);
  const view = plainView(true, detail?.top ?? 0);
  if (!subject)
    return framed(titleText({name: 'Details', count: -1, view}, titleRoom(size), theme), [], size, true, theme);
  if (subject.type === 'packet') return paintPacket({subject, tree: detail.tree ?? unfoldedTree}, model, size, theme);
  const data = {subject, view};
  model.areas.details = {lines: detailLength(data, inside.width, theme), page: inside.height};
  const name = subject.type === 'alert' ? 'Alert' : subject.title;
  const title = titleText({name, count: -1, view, note: 'esc closes'}, titleRoom(size), theme);
  return framed(title, detailPane(data, inside, theme), size, true, theme);
}

function paintPacket(data: PacketDetailData, model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const inside = insideOf(size);
  model.areas.treePage = packetTreePage(data, inside);
  const view = plainView(true, 0);
  const title = titleText({name: 'Packet', count: -1, view, note: 'esc closes'}, titleRoom(size), theme);
  return framed(title, packetDetailPane(data, inside, theme), size, true, theme);
}

function paintHelp(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const inside = insideOf(size);
  const bindings = helpBindings();
  const all = helpPane({bindings, top: 0}, {width: inside.width, height: 4 * bindings.length}, theme);
  const lines = all.findLastIndex(line => line.trim() !== '') + 1;
  model.areas.help = {lines, page: inside.height};
  const view = plainView(true, model.view.helpTop);
  const title = titleText({name: 'Help', count: -1, view, note: 'esc closes'}, titleRoom(size), theme);
  return framed(title, helpPane({bindings, top: model.view.helpTop}, inside, theme), size, true, theme);
}

function paintStartup(model: ScreenModel, size: Size, theme: Theme): readonly string[] {
  const {newest} = model;
  const dots = theme.unicode ? ' …' : ' ...';
  const title = newest ? `siem on ${newest.host}: opening${dots}` : `starting${dots}`;
  return startupPane({title, lines: newest?.startup ?? []}, size, theme);
}

function clockLine(model: ScreenModel, size: Size, theme: Theme): string {
  const {newest} = model;
  const missed = model.missed('logs');
  const paused = missed === undefined ? '' : `PAUSED +${missed}`;
  const host = newest === undefined ? '' : newest.host;
  const text = fitCells(
    host,
    Math.max(0, size.width - 1 - cellWidth(paused) - (paused === '' ? 0 : 2)),
    theme.unicode,
    'right',
  );
  const pause = paused === '' ? '' : `${theme.paint('match', paused)}  `;
  return `${pause}${theme.paint('dim', text)} `;
}

function inFrame(
  pane: PaneId,
  view: ListView,
  count: number,
  note: string | undefined,
  lines: readonly string[],
  size: Size,
  theme: Theme,
): readonly string[] {
  const name = `${paneIds.indexOf(pane) + 1} ${paneTitles[pane]}`;
  const data = {name, count, view};
  const title = titleText(note === undefined ? data : {...data, note}, titleRoom(size), theme);
  return framed(title, lines, size, view.focused, theme);
}

/** The view of what is no list: only where it stands matters. */
function plainView(focused: boolean, top: number): ListView {
  return {selected: -1, top, follow: false, filter: '', search: '', focused};
}

function blank({width, height}: Size): readonly string[] {
  return Array.from({length: height}, () => ' '.repeat(width));
}
