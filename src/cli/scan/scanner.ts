import {UnknownFormatError} from '../../capture/files/open-file.ts';
import {SourceError} from '../../capture/source.ts';
import type {Settings} from '../../config/settings.ts';
import {loadIndicators} from '../../detect/flows/indicators/load-indicators.ts';
import {NetworkWatch} from '../../detect/flows/network-watch.ts';
import {enrichFlows} from '../../detect/geo/enrich-flows.ts';
import {type GeoContent, GeoDatabases} from '../../detect/geo/geo-databases.ts';
import {correlationFields, type Forwarded, forward} from '../../detect/sigma/forwarded-event.ts';
import {type Found, type MatchableRules, RuleMatcher} from '../../detect/sigma/rule-matcher.ts';
import {readTuning} from '../../detect/sigma/tuning.ts';
import type {Alert, Event, Micros} from '../../event/event.ts';
import {EntrySorter, type SortedEntries} from './entry-sorter.ts';
import {eventKey} from './event-key.ts';
import {FileAlerts} from './file-alerts.ts';
import type {ScanTarget} from './find-files.ts';
import {alertRecord, asGroup, eventRecord, type FoundAlert, hitRecord} from './hit-record.ts';
import {readTarget} from './read-target.ts';
import {type ChosenBy, type RuleChoice, ruleTest} from './select-rules.ts';
import {Tally} from './tally.ts';

/** All that scanning files takes, as plain data: it goes to every thread. */
export interface ScanSetup {
  readonly rules: MatchableRules;
  /** Ids of rules whose hits are wanted. */
  readonly shown: ReadonlySet<string>;
  /** By which also what detectors find is wanted. */
  readonly choice: RuleChoice;
  readonly tuning: string;
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  /** Where what does not fit into memory is put. */
  readonly folder: string;
  readonly host: string;
  readonly settings: Pick<Settings, 'alerts' | 'capture' | 'network'>;
  readonly maxLine: number;
  /** Databases of where addresses are; none where absent. */
  readonly geo?: readonly GeoContent[];
  readonly profiling: boolean;
}

/** A file with its number: its place among all files by path. */
export interface NumberedTarget extends ScanTarget {
  readonly number: number;
}

export interface FileReport {
  readonly path: string;
  readonly events: number;
  /** Events outside the wanted time. */
  readonly outside: number;
  /** What could not be read of it, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  /** Why it was not read to its end. */
  readonly failure?: string;
  /** It is none of the kinds of file that are known. */
  readonly isUnknown?: true;
}

/** Everything that came of a scanner's files. */
export interface ScanResult {
  readonly hits: SortedEntries;
  readonly feeds: SortedEntries;
  readonly suppressed: number;
  /** Events that no rule is about, by kind. */
  readonly uncovered: readonly (readonly [string, number])[];
  /** Events by kind and event id. */
  readonly statistics: readonly (readonly [string, number])[];
  readonly first: Micros;
  readonly last: Micros;
  /** Milliseconds, evaluations and hits by rule id, where that was measured. */
  readonly profile: readonly RuleCost[];
}

export interface RuleCost {
  readonly id: string;
  readonly millis: number;
  readonly evaluations: number;
  readonly hits: number;
}

/** Told now and then how far a file was read. */
export type OnProgress = (bytes: number, events: number) => void;

/** Reads files and finds what single rules and the network detectors say of their events. One to a thread. */
export class Scanner {
  readonly #setup: ScanSetup;
  readonly #matcher: RuleMatcher;
  readonly #isChosen: (rule: ChosenBy) => boolean;
  readonly #hits: EntrySorter;
  readonly #feeds: EntrySorter;
  readonly #fields: readonly string[];
  readonly #geo: GeoDatabases | undefined;
  readonly #uncovered = new Tally();
  readonly #statistics = new Tally();
  /** Read when the first file is. */
  #indicators: ReturnType<typeof loadIndicators> | undefined;
  #first: Micros = Number.POSITIVE_INFINITY;
  #last: Micros = Number.NEGATIVE_INFINITY;

  /** `name`: of this scanner among those that share a folder. */
  constructor(setup: ScanSetup, name: string) {
    this.#setup = setup;
    this.#matcher = new RuleMatcher(setup.rules, readTuning(setup.tuning).tuning, setup);
    this.#isChosen = ruleTest(setup.choice);
    this.#hits = new EntrySorter(setup.folder, `${name}-hits`);
    this.#feeds = new EntrySorter(setup.folder, `${name}-feeds`);
    this.#geo = setup.geo?.length ? new GeoDatabases(setup.geo) : undefined;
    this.#fields = correlationFields(setup.rules.correlations);
  }

  /** Reads a file to its end. Never throws over what is in it: the report says what went wrong. */
  async scan(target: NumberedTarget, onProgress: OnProgress): Promise<FileReport> {
    const dropped: Record<string, number> = {};
    const notes: string[] = [];
    const count = {events: 0, outside: 0};
    const report = () => ({path: target.path, ...count, dropped, notes});
    const watch = await this.#networkWatch();
    const alerts = new FileAlerts(this.#setup.settings.alerts);
    const tell = (found: readonly Alert[]) => {
      for (const alert of alerts.add(found.filter(({time}) => this.#isWanted(time)))) this.#network(alert, target);
    };
    try {
      for await (const part of readTarget(target.path, this.#setup, note => notes.push(note))) {
        const events = this.#geo ? enrichFlows(part.events, this.#geo) : part.events;
        for (const event of events) this.#take(event, target, count);
        for (const alert of part.warnings) if (this.#isWanted(alert.time)) this.#network(asGroup(alert), target);
        tell(part.alerts);
        tell(watch?.onEvents(events) ?? []);
        for (const [reason, number] of Object.entries(part.dropped)) dropped[reason] = (dropped[reason] ?? 0) + number;
        onProgress(part.bytes, part.events.length);
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      const isUnknown = error instanceof UnknownFormatError && !target.isNamed;
      return isUnknown ? {...report(), isUnknown} : {...report(), failure: explained(error)};
    } finally {
      for (const found of this.#matcher.endFile()) this.#keep(found, target);
      tell(watch?.finish() ?? []);
      for (const alert of alerts.end()) this.#network(alert, target);
    }
    return report();
  }

  end(): ScanResult {
    return {
      hits: this.#hits.sorted(),
      feeds: this.#feeds.sorted(),
      suppressed: this.#matcher.suppressed,
      uncovered: this.#uncovered.entries(),
      statistics: this.#statistics.entries(),
      first: this.#first,
      last: this.#last,
      profile: this.#setup.profiling ? this.#profile() : [],
    };
  }

  /** A file is a network of its own: it may be anybody's. What is usual there is not known. */
  async #networkWatch(): Promise<NetworkWatch | undefined> {
    const {network} = this.#setup.settings;
    if (!network.watch) return undefined;
    this.#indicators ??= loadIndicators(network.indicators);
    const watch = new NetworkWatch(network, {learns: false});
    watch.setIndicators((await this.#indicators).indicators);
    return watch;
  }

  #take(event: Event, target: NumberedTarget, count: {events: number; outside: number}): void {
    if (!this.#isWanted(event.time)) {
      count.outside++;
      return;
    }
    count.events++;
    if (event.time < this.#first) this.#first = event.time;
    if (event.time > this.#last) this.#last = event.time;
    const kind = kindOf(event);
    this.#statistics.add(event.kind === 'log' ? `${kind}\t${event.code}\t${event.provider}` : kind);
    const {found, isCovered} = this.#matcher.read(event);
    if (!isCovered) this.#uncovered.add(kind);
    for (const one of found) this.#keep(one, target);
  }

  #keep({hits, feeds}: Found, {path, number}: NumberedTarget): void {
    for (const hit of hits) {
      const {id} = hit.indexed.rule.head;
      if (!this.#setup.shown.has(id)) continue;
      const {event} = hit.event;
      const text = JSON.stringify({key: `${eventKey(event)} ${id}`, record: hitRecord(hit, path)});
      this.#hits.add({time: event.time, file: number, place: event.position, text});
    }
    const event = feeds[0]?.event.event;
    if (!event) return;
    const forwarded: Forwarded & {readonly key: string} = {
      key: eventKey(event),
      ...forward(feeds, this.#fields, eventRecord(event, path)),
    };
    this.#feeds.add({time: event.time, file: number, place: event.position, text: JSON.stringify(forwarded)});
  }

  #network(alert: FoundAlert, {path, number}: NumberedTarget): void {
    const {rule, ruleName, level, techniques} = alert;
    if (!this.#isChosen({id: rule, title: ruleName, level, tags: [], techniques})) return;
    // The id tells causes apart that a reason may not; copies of a log give the same.
    const key = `${alert.id ?? rule} ${alert.entity} ${alert.reason}`;
    const text = JSON.stringify({key, record: alertRecord(alert, path)});
    this.#hits.add({time: alert.first, file: number, place: 0, text});
  }

  #isWanted(time: Micros): boolean {
    const {since, until} = this.#setup;
    return (since === undefined || time >= since) && (until === undefined || time < until);
  }

  #profile(): RuleCost[] {
    return this.#setup.rules.detections.map(({rule, profile}) => ({id: rule.head.id, ...profile}));
  }
}

/** What people call the kind of log that an event is of: Windows' channel, else the dataset. */
function kindOf(event: Event): string {
  if (event.kind !== 'log') return event.kind === 'flow' ? 'network flows' : 'measurements';
  return String(event.fields?.['winlog.channel'] ?? event.origin.dataset);
}

function explained({message, mend}: SourceError): string {
  return mend === undefined ? message : `${message} → ${mend}`;
}
