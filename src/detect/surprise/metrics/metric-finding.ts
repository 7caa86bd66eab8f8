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
      'surprise.nats': rounded(found.nats),
      'surprise.threshold': rounded(found.threshold),
      'surprise.expected': expected,
      'surprise.last': stream.lastValues.map(stream.measure.text).join(' → '),
      'surprise.agreed': found.agreed.join('; '),
    },
  };
  return event ? {...alert, event} : alert;
}

function reasonOf({rule, host, name, found, stream}: MetricFinding, expected: string): string {
  const {measure} = stream;
  const mean = measure.text(measure.toValue(found.value));
  const points = spanOfScale(found, stream);
  const course = points === 1 ? '' : `, ${mean} on average over the last ${points} ${unitOf(rule)}`;
  const how = found.direction === 'restless' ? 'had an unexpected course' : `was ${found.direction} than expected`;
  return (
    `${name} on ${host} ${how}: ${measure.text(found.point)}${course}. Expected: ${expected}. ` +
    `It came as a surprise of ${found.nats.toFixed(1)} nats where ${found.threshold.toFixed(1)} are the limit, and ` +
    `${found.agreed.join('; ')}.`
  );
}

function spanOfScale({scale}: Unexpected, stream: MetricStream): number {
  return stream.scales[scale] ?? 1;
}

function unitOf(rule: MetricFinding['rule']): string {
  return rule === 'surprise.metric' ? 'minutes' : 'hours';
}

function expectedText({found, stream}: {readonly found: Unexpected; readonly stream: MetricStream}): string {
  const spans = expectedSpans(stream.expected(found.scale), stream.measure);
  if (spans.length === 0) return 'nothing in particular';
  return spans.map(({text, probability}) => `${text} (${Math.round(probability * 100)} %)`).join(', ');
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
