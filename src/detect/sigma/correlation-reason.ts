import {day, hour, minute, second} from '../../event/clock.ts';
import type {CorrelationNode} from './correlate/nodes.ts';
import type {Measure} from './rule.ts';

const signs = {eq: '=', neq: '≠', lt: '<', lte: '≤', gt: '>', gte: '≥'} as const;

/** Why a correlation fired, in a sentence: `12 events within 10m for User bob (events ≥ 10).` */
export function correlationReason(node: CorrelationNode, group: readonly string[], count: number): string {
  const whom = node.groupBy.map((name, index) => `${name} ${group[index] ?? ''}`).join(', ');
  const bounds = node.condition.map(({operator, value}) => `${signs[operator]} ${value}`).join(' and ');
  const span = Number.isFinite(node.timespan) ? ` within ${spanWords(node.timespan)}` : '';
  return `${count} ${count === 1 ? 'event' : 'events'}${span}${whom && ` for ${whom}`} (${measureWords(node.measure)} ${bounds}).`;
}

function measureWords(measure: Measure): string {
  switch (measure.kind) {
    case 'events':
      return 'events';
    case 'rules':
      return measure.ordered ? 'different rules in their order' : 'different rules';
    case 'values':
      return `distinct ${measure.fields.join('+')}`;
    case 'share':
      return `percentage of one ${measure.field}`;
    case 'percentile':
      return `percentile ${measure.percentile} of ${measure.field}`;
    default:
      return `${measure.kind} of ${measure.field}`;
  }
}

function spanWords(span: number): string {
  const [size, unit] =
    span % day === 0
      ? [day, 'd']
      : span % hour === 0
        ? [hour, 'h']
        : span % minute === 0
          ? [minute, 'm']
          : [second, 's'];
  return `${span / size}${unit}`;
}
