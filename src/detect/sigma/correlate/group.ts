import {type Entry, isDecidedAtOnce, satisfies} from './measure.ts';
import type {CorrelationNode} from './nodes.ts';

/** What came of an event or of a window's end. */
export interface Verdict {
  /** The condition became true, or was found true at a window's end. */
  readonly fires: boolean;
  /** The condition is true, be it that it was so already. */
  readonly holds: boolean;
  /** How many events stand in the window. */
  readonly count: number;
}

export const nothing: Verdict = {fires: false, holds: false, count: 0};

/** Events of one group of a correlation, oldest first. */
export interface GroupState {
  entries: Entry[];
  /** True while the condition holds, so that it fires once and not with every further event. */
  active: boolean;
}

export function newGroup(): GroupState {
  return {entries: [], active: false};
}

/** Takes an event in and judges the windows that it is part of. Windows slide: any span of the given length counts. */
export function addEntry(group: GroupState, entry: Entry, node: CorrelationNode, lateness: number): Verdict {
  const newest = group.entries.at(-1)?.time ?? entry.time;
  if (entry.time < newest - node.timespan - lateness) return nothing;
  const isLate = entry.time < newest;
  const atOnce = isDecidedAtOnce(node.measure, node.condition);
  // What held before the event came is no news; of a late one that must be found out.
  const heldBefore =
    isLate && atOnce ? judge(group.entries, placeOf(group.entries, entry.time) - 1, node).holds : group.active;
  const at = placeOf(group.entries, entry.time);
  group.entries.splice(at, 0, entry);
  if (!atOnce) return nothing;
  const dropped = prune(group, Math.max(newest, entry.time) - node.timespan - lateness, mostEntries(node, lateness));
  const verdict = at < dropped ? nothing : judge(group.entries, at - dropped, node);
  group.active = isLate ? group.active || judge(group.entries, group.entries.length - 1, node).holds : verdict.holds;
  return {...verdict, fires: verdict.holds && !heldBefore};
}

/**
 * Judges windows whose end has passed: each begins with the first event that no window before it had. Gives a verdict
 * for each, with the time of its last event.
 */
export function closeWindows(
  group: GroupState,
  node: CorrelationNode,
  watermark: number,
): (Verdict & {readonly time: number})[] {
  const closed: (Verdict & {readonly time: number})[] = [];
  for (;;) {
    const [first] = group.entries;
    if (!first || first.time + node.timespan >= watermark) return closed;
    const end = group.entries.findIndex(entry => entry.time > first.time + node.timespan);
    const window = end < 0 ? group.entries : group.entries.slice(0, end);
    group.entries = end < 0 ? [] : group.entries.slice(end);
    const holds = satisfies(window, node.measure, node.condition, node.sources.length);
    closed.push({fires: holds, holds, count: window.length, time: window.at(-1)?.time ?? first.time});
  }
}

/** Behind all that are not later, so that events of the same time stay in the order they came. */
function placeOf(entries: readonly Entry[], time: number): number {
  let at = entries.length;
  while (at > 0 && (entries[at - 1]?.time ?? 0) > time) at--;
  return at;
}

/** The windows that end with the event or, where it came late, with one of those after it. */
function judge(entries: readonly Entry[], at: number, node: CorrelationNode): Verdict {
  if (at < 0) return nothing;
  const from = entries[at]?.time ?? 0;
  let count = 0;
  for (let end = at; end < entries.length; end++) {
    const last = entries[end]?.time ?? 0;
    if (last - from > node.timespan) break;
    // Of events at the same time only the last ends a window.
    if (entries[end + 1]?.time === last) continue;
    const start = entries.findIndex(entry => entry.time >= last - node.timespan);
    const window = entries.slice(start, end + 1);
    count = window.length;
    if (satisfies(window, node.measure, node.condition, node.sources.length)) return {fires: false, holds: true, count};
  }
  return {fires: false, holds: false, count};
}

/** Drops what no window reaches any more, and the oldest of too many. Gives how many went. */
function prune(group: GroupState, oldest: number, most: number): number {
  const {entries} = group;
  let drop = 0;
  while (drop < entries.length && (entries[drop]?.time ?? 0) < oldest) drop++;
  if (drop > 0) group.entries = entries.slice(drop);
  if (group.entries.length > most) {
    const isValues = group.entries[0]?.value !== undefined;
    group.entries = (isValues ? newestOfEach(group.entries) : group.entries).slice(-most);
  }
  return entries.length - group.entries.length;
}

/** Of values that were seen more than once, the last time is enough to count distinct ones. */
function newestOfEach(entries: readonly Entry[]): Entry[] {
  const newest = new Map(entries.map(entry => [entry.value, entry]));
  return entries.filter(entry => newest.get(entry.value) === entry);
}

/**
 * Of a count that only has to reach a number, that many newest events are enough. Where events come in any order, as
 * from files read one after another, more are kept.
 */
export function mostEntries({measure, condition}: CorrelationNode, lateness: number): number {
  const highest = Math.max(0, ...condition.map(({value}) => value));
  if (!Number.isFinite(lateness)) return Math.max(20_000, 4 * Math.ceil(highest));
  if (measure.kind === 'events') return Math.min(100_000, Math.ceil(highest) + 64);
  if (measure.kind === 'values') return Math.min(10_000, 4 * Math.ceil(highest) + 256);
  return measure.kind === 'rules' ? 2_000 : 10_000;
}
