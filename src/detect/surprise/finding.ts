import type {Alert, LogEvent, Micros, Rule} from '../../event/event.ts';
import {type Entity, entityKinds} from './entities/entity.ts';

/** What the detector found unexpected, before it is words. */
export interface Finding {
  readonly type: Exclude<keyof typeof names, 'thing'>;
  readonly host: string;
  readonly provider: string;
  readonly entity: string;
  readonly time: Micros;
  /** The entry, or for a session's end the absence of one. */
  readonly event: LogEvent | undefined;
  readonly windows: boolean;
  /** What came, as text. */
  readonly came: string;
  readonly expected: readonly {readonly text: string; readonly probability: number}[];
  /** Surprise of what came, in its context. */
  readonly nats: number;
  /** The logarithm of the days between two such, and what it must exceed. */
  readonly score: number;
  readonly threshold: number;
  /** Sentences' parts: what besides the surprise speaks for it. */
  readonly corroborators: readonly string[];
  /** The newest symbols before, as text, oldest first. */
  readonly last: readonly string[];
  /** Entries of the stream so far. */
  readonly events: number;
}

const leastShown = 0.001;
/** Below this surprise it is not the entry that is strange, but its values, its hour or how its session was. */
const usualNats = 2;

const names = {
  sequence: 'Unexpected entry in its context',
  new: 'Entry never seen before',
  session: 'Session unlike those before',
  thing: 'Something new on this machine',
} as const;

/** The finding as an alert, with its explanation in a sentence. */
export function findingAlert(finding: Finding): Alert {
  const {host, entity, time, event} = finding;
  const alert = {
    rule: ruleOf(finding),
    time,
    host,
    entity,
    reason: reasonOf(finding),
    count: 1,
    fields: fieldsOf(finding),
  };
  return event ? {...alert, event} : alert;
}

/** The alert for the first entry ever of a program. `seldom`: the logarithm of the days between two new programs here. */
export function newProgramAlert(event: LogEvent, host: string, seldom: number): Alert {
  return {
    rule: ruleOf({type: 'new', windows: isWindows(event)}),
    time: event.time,
    host,
    entity: `${host}/${event.provider}`,
    reason:
      `${event.provider} wrote its first entry ever on ${host}: “${clipped(event.message)}”. ` +
      `A program that is new here comes ${oftenText(seldom)}.`,
    count: 1,
    event,
    fields: {'surprise.new_program': event.provider},
  };
}

/**
 * The alert for something lasting that was never met on this machine. `seldom`: the logarithm of the days between two
 * occasions on which something of the kind was new; `score`: with the odd hour.
 */
export function newEntityAlert(
  event: LogEvent,
  host: string,
  {kind, name}: Entity,
  {seldom, score, known}: {readonly seldom: number; readonly score: number; readonly known: number},
): Alert {
  return {
    rule: ruleOf({type: 'thing', windows: isWindows(event)}),
    time: event.time,
    host,
    entity: `${host}/${entityKinds[kind]} ${name}`,
    reason:
      `On ${host} ${entityKinds[kind]} “${name}” is new: “${clipped(event.message)}”. ` +
      `Something new of this kind comes ${oftenText(seldom)} here; ${known.toLocaleString('en')} are known.`,
    count: 1,
    event,
    fields: {'surprise.new_thing': `${entityKinds[kind]} ${name}`, 'surprise.score': Math.round(score * 100) / 100},
  };
}

export function isWindows(event: LogEvent): boolean {
  return event.origin.dataset.startsWith('winlog') || event.origin.dataset.startsWith('windows');
}

function ruleOf({type, windows}: {readonly type: keyof typeof names; readonly windows: boolean}): Rule {
  return {
    id: `surprise.${type}`,
    name: names[type],
    level: type === 'new' ? 'low' : 'medium',
    category: windows ? 'Windows Event Log Anomaly' : 'System Log',
    techniques: [],
  };
}

function reasonOf(finding: Finding): string {
  const {type, provider, host, came, events, nats, score, threshold, corroborators} = finding;
  const what = {
    new: `${provider} on ${host} wrote what it never wrote in ${events.toLocaleString('en')} entries: ${came}.`,
    sequence:
      nats < usualNats
        ? `${provider} on ${host}: ${came} is usual here, but not in this way.`
        : `${provider} on ${host}: ${came} was not expected here.`,
    session: `${provider} on ${host}: a session ended that is unlike those before.`,
  }[type];
  const measured =
    `It came as a surprise of ${nats.toFixed(1)} nats; such comes ${oftenText(score)} here, ` +
    `where ${oftenText(threshold)} is the limit`;
  const also = corroborators.length === 0 ? '' : `; ${corroborators.join('; ')}`;
  return `${what} Expected: ${expectedText(finding)}. ${measured}${also}.`;
}

/** How often, from the logarithm of the days between. */
function oftenText(score: number): string {
  const days = Math.exp(score);
  if (days >= 365) return 'less than once a year';
  return days < 1.5 ? 'about once a day' : `about once in ${Math.round(days)} days`;
}

function expectedText({expected}: Finding): string {
  // What is next to impossible was not expected, whatever its place in the list.
  const likely = expected.filter(({probability}, at) => at === 0 || probability >= leastShown);
  if (likely.length === 0) return 'nothing in particular';
  return likely.map(({text, probability}) => `${text} (${percent(probability)})`).join(', ');
}

function fieldsOf(finding: Finding): NonNullable<Alert['fields']> {
  return {
    'surprise.nats': Math.round(finding.nats * 100) / 100,
    'surprise.score': Math.round(finding.score * 100) / 100,
    'surprise.threshold': Math.round(finding.threshold * 100) / 100,
    'surprise.expected': expectedText(finding),
    'surprise.last': finding.last.join(' → '),
    'surprise.agreed': finding.corroborators.join('; '),
  };
}

function percent(probability: number): string {
  const value = probability * 100;
  return value >= 1 ? `${Math.round(value)} %` : `${value.toFixed(1)} %`;
}

function clipped(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
