import {second} from '../event/clock.ts';
import type {Snapshot} from '../pipeline/snapshot.ts';
import {parse} from '../query/parse.ts';
import {DetailSubjects} from './detail-subjects.ts';
import type {HistoryClient} from './history-client.ts';
import {footerFor} from './keymap.ts';
import type {Key} from './keys.ts';
import {layoutOf, type ShellModel} from './layout.ts';
import {settle} from './list-state.ts';
import {LogFeed} from './log-feed.ts';
import {newestOf, withinView} from './log-views.ts';
import {PacketFeed} from './packet-feed.ts';
import type {PacketInspection} from './packet-inspection.ts';
import type {Size} from './pane.ts';
import {countsOf} from './panes/packet-detail.ts';
import {filterFault} from './row-filter.ts';
import {SampleFeed} from './sample-feed.ts';
import {noRows, openRow, rowsSeen, type ShownRows, shownRows} from './shown-rows.ts';
import {contextsOf, step} from './step.ts';
import {initialView, type ListId, listIds, listOf, newestAt, type ViewState} from './view-state.ts';
import type {Area, Effect, World} from './world.ts';

export interface ScreenModelOptions {
  readonly history: HistoryClient;
  readonly inspection: PacketInspection;
  /** Something other than a key or a snapshot changed what is to be shown. */
  onChange(): void;
  /** What the last key asked for has come: to be shown at once. */
  onAnswer(): void;
}

const nothing: Area = {lines: 0, page: 1};

/** What the screen shows and where its reader stands in it: the newest snapshot, the view, and rows from the store. */
export class ScreenModel {
  readonly details: DetailSubjects;
  /** How large the parts were when last painted; the painter notes it here. */
  readonly areas: {
    help: Area;
    details: Area;
    sources: Area;
    treePage: number;
    charts: {pages: number; zooms: number};
  } = {
    help: nothing,
    details: nothing,
    sources: nothing,
    treePage: 1,
    charts: {pages: 1, zooms: 1},
  };
  readonly #options: ScreenModelOptions;
  readonly #feed: LogFeed;
  readonly #packets: PacketFeed;
  readonly #sampleFeed: SampleFeed;
  #samples: Snapshot['samples'] = [];
  readonly #pages: Record<ListId, number> = {alerts: 1, logs: 1, packets: 1, conversations: 1, talkers: 1};
  #view: ViewState = initialView;
  #newest: Snapshot | undefined;
  #frozen: Snapshot | undefined;
  #rows: ShownRows = noRows;
  #startedUp = false;

  constructor(options: ScreenModelOptions) {
    this.#options = options;
    const {history, inspection} = options;
    const onChange = () => this.#changed();
    const onError = (message: string) => this.tell(`could not read stored rows: ${message}`);
    this.#feed = new LogFeed({history, onChange, onError});
    this.#feed.setFilter(undefined, withinView(initialView.logView));
    this.#packets = new PacketFeed({inspection, onChange, onError: message => this.tell(message)});
    this.#sampleFeed = new SampleFeed({history, onChange, onError});
    this.details = new DetailSubjects({history, inspection, onChange: () => options.onAnswer(), onError});
  }

  /** Says something in the line for messages, until the next key. */
  tell(message: string): void {
    this.#view = {...this.#view, message};
    this.#changed();
  }

  get view(): ViewState {
    return this.#view;
  }

  /** What is shown: the newest snapshot, or the one that pause froze. */
  get snapshot(): Snapshot | undefined {
    return this.#frozen ?? this.#newest;
  }

  get newest(): Snapshot | undefined {
    return this.#newest;
  }

  get rows(): ShownRows {
    return this.#rows;
  }

  /** What the line charts show. */
  get samples(): Snapshot['samples'] {
    return this.#samples;
  }

  takeSnapshot(snapshot: Snapshot): void {
    this.#newest = snapshot;
    const opened = snapshot.startup.length > 0 && snapshot.startup.every(line => line.state !== 'opening');
    // One thing that takes long to open must not hide all that is there already.
    if (opened || snapshot.time - snapshot.started > longestStart) this.#startedUp = true;
    if (this.#frozen === undefined) this.#update();
  }

  /** Applies one key; what the screen itself has to do comes back. */
  key(key: Key): readonly Effect[] {
    const before = this.#view;
    const {state, effects} = step(before, key, this.#world());
    this.#view = state;
    if (state.focus !== before.focus || key.name === 'escape') this.#startedUp = true;
    if (state.paused !== before.paused) this.#frozen = state.paused ? this.#newest : undefined;
    for (const effect of effects) if (effect.type === 'open') openRow(this.details, this.#rows, effect.detail);
    if (state.details !== before.details) this.details.keep(state.details.map(detail => detail.key));
    this.#refilter(before);
    this.#update();
    if (listOf(state) === 'packets' && this.#rows.packets.length > 0) this.#options.inspection.prepare();
    const {logs} = state.lists;
    if (state.focus === 'logs' && logs.index < this.#pages.logs && !logs.follow) this.#feed.older();
    return effects;
  }

  /** To be called once a second: rows that come from the store are read again. */
  everySecond(): void {
    if (this.#frozen !== undefined) return;
    this.#feed.refresh();
    this.#sampleFeed.refresh();
  }

  /** What the shell is drawn from. The same object as long as nothing in it changed. */
  shell(size: Size): ShellModel {
    const {prompt, verdictFor, message} = this.#view;
    const line = prompt !== undefined || verdictFor !== undefined || message !== '';
    return {
      size,
      layout: layoutOf(this.#view, size, !this.#startedUp),
      focus: this.#view.focus,
      footer: line ? undefined : footerFor(contextsOf(this.#view)),
    };
  }

  /** Where a list stands, given the rows that its place has room for. */
  listFor(pane: ListId, page: number): ViewState['lists'][ListId] {
    this.#pages[pane] = page;
    const settled = settle(this.#view.lists[pane], rowsSeen(this.#rows, pane), page, newestAt[pane]);
    this.#view = {...this.#view, lists: {...this.#view.lists, [pane]: settled}};
    return settled;
  }

  /** How much came while paused. */
  missed(pane: ListId): number | undefined {
    const [frozen, newest] = [this.#frozen, this.#newest];
    if (!this.#view.paused) return undefined;
    if (!frozen || !newest) return 0;
    if (pane === 'alerts') return newest.alertTotals.findings - frozen.alertTotals.findings;
    if (pane !== 'logs') return newest.packetCounters.seen - frozen.packetCounters.seen;
    return newest.total.received - frozen.total.received;
  }

  stop(): void {
    this.#feed.stop();
    this.#sampleFeed.stop();
    this.details.keep([]);
  }

  #changed(): void {
    this.#update();
    this.#options.onChange();
  }

  #update(): void {
    const {snapshot} = this;
    if (!snapshot) return;
    const {lists} = this.#view;
    this.#rows = shownRows(snapshot, this.#view, {
      packets: this.#packets.update(snapshot.packets, lists.packets.follow, lists.packets.filter),
      logs: this.#feed.update(newestOf(snapshot, this.#view.logView), lists.logs.follow),
    });
    this.#samples = this.#sampleFeed.update(snapshot);
    this.details.update(snapshot.alerts);
    for (const pane of listIds) this.listFor(pane, this.#pages[pane]);
  }

  #world(): World {
    const list = (pane: ListId) => ({rows: rowsSeen(this.#rows, pane), page: this.#pages[pane]});
    return {
      lists: {
        alerts: list('alerts'),
        logs: list('logs'),
        packets: list('packets'),
        conversations: list('conversations'),
        talkers: list('talkers'),
      },
      ...this.areas,
      tree: {layers: this.#openedLayers(), page: this.areas.treePage},
      filterFault,
    };
  }

  #openedLayers(): readonly number[] {
    const detail = this.#view.details.at(-1);
    const subject = detail && this.details.get(detail.key);
    return subject?.type === 'packet' ? countsOf(subject.layers) : [];
  }

  /** Filtered logs come from the store; what else is filtered is in the snapshot. */
  #refilter(before: ViewState): void {
    const {logView, lists} = this.#view;
    const {filter} = lists.logs;
    if (filter === before.lists.logs.filter && logView === before.logView) return;
    this.#feed.setFilter(parse(filter), withinView(logView));
    this.#feed.refresh();
  }
}

const longestStart = 5 * second;
