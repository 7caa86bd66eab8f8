import type {Alert, MetricEvent, Rule} from '../../../event/event.ts';
import {expectedSpans} from './measure.ts';
import type {MetricStream, Unexpected} from './metric-stream.ts';

/** What was not expected, before it is words. */
export interface MetricFinding {
  readonly rule: 'surprise.metric' | 'surprise.count';
  readonly host: string;
  /** `cpu.total`, or what is counted: `sshd entries`. */
  readonly name: string;
  readonly found: Unexpected;
  readonly stream: MetricStream;
  readonly event: MetricEvent | undefined;
}

const rules = {
  'surprise.metric': {
    id: 'surprise.metric',
    name: 'Unexpected course of a measured value',
    level: 'medium',
    category: 'Performance',
    techniques: [],
  },
  'surprise.count': {
    id: 'surprise.count',
    name: 'Unexpected number in an hour',
    level: 'medium',
    category: 'System Log',
    techniques: [],
  },
} as const satisfies Record<string, Rule>;

const lastShown = 10;

/** The finding as an alert, with its explanation in sentences. */
export function metricAlert(finding: MetricFinding): Alert {
  const {rule, host, name, found, stream, event} = finding;
  const expected = expectedText(finding);
  const alert = {
    rule: rules[rule],
    time: found.time,
    host,
    entity: `${host}/${name}`,
    reason: reasonOf(finding, expected),
    count: 1,
    fields: {
      'surprise.nats': rounded(found.score),
      'surprise.threshold': rounded(found.limit),
      'surprise.expected': expected,
      'surprise.last': stream.lastPoints.slice(-lastShown).map(stream.measure.text).join(' → '),
      'surprise.agreed': found.agreed.join('; '),
    },
  };
  return event ? {...alert, event} : alert;
}

function reasonOf(finding: MetricFinding, expected: string): string {
  const {name, host, found, stream} = finding;
  const byDay = found.voice === 'course' ? ' at this time of the day' : '';
  return (
    `${name} on ${host} ${howOf(found)}: ${stream.measure.text(found.point)}${courseOf(finding)}. ` +
    `Expected${byDay}: ${expected}. ` +
    `It came as a surprise of ${found.score.toFixed(1)} nats where ${found.limit.toFixed(1)} are the limit, and ` +
    `${found.agreed.join('; ')}.`
  );
}

function howOf({voice, direction}: Unexpected): string {
  if (voice === 'course')
    return direction === 'restless'
      ? 'was unusual for the time of the day'
      : `was ${direction} than usual for the time of the day`;
  return direction === 'restless' ? 'had an unexpected course' : `was ${direction} than expected`;
}

/** The mean of the points that the finding is about, where these are several. */
function courseOf({rule, found, stream}: MetricFinding): string {
  const points = stream.pointsOf(found);
  if (points === 1) return '';
  const newest = [...stream.lastPoints.slice(1 - points), found.point];
  const mean = newest.reduce((sum, point) => sum + point / newest.length, 0);
  return `, ${stream.measure.text(mean)} on average over the last ${newest.length} ${unitOf(rule)}`;
}

function unitOf(rule: MetricFinding['rule']): string {
  return rule === 'surprise.metric' ? 'minutes' : 'hours';
}

function expectedText({found, stream}: {readonly found: Unexpected; readonly stream: MetricStream}): string {
  const spans = expectedSpans(stream.expected(found), stream.measure);
  if (spans.length === 0) return 'nothing in particular';
  return spans.map(({text, probability}) => `${text} (${Math.round(probability * 100)} %)`).join(', ');
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
