import type {FieldValue} from '../../event/event.ts';

/**
 * A dense layer of one sigmoid: how likely an alert is a true one, from what the network remembered where it was raised
 * and from what the alert says of itself. Learned from the alerts that analysts closed.
 */
export interface VerdictHead {
  /** [units + features] */
  readonly weights: Float32Array;
  readonly bias: number;
  /** Below this an alert may be held back: in cross-validation no true one was. */
  readonly cut: number;
  /** Closed alerts learned from, how many of them true, and how many false ones it would have held back. */
  readonly alerts: number;
  readonly truths: number;
  readonly held: number;
}

/** What of an alert its features are made of. */
export interface JudgedAlert {
  readonly rule: string;
  readonly fields: Readonly<Record<string, FieldValue | readonly string[] | undefined>>;
}

/** Places for what agreed with the surprise, by the kind of its words; then for the rule. */
const agreedPlaces = 12;
const rulePlaces = 4;
export const featureCount = 2 + agreedPlaces + rulePlaces;

/** How many weights a head has beside the bias. */
export function headSize(units: number): number {
  return units + featureCount;
}

/** An alert as numbers of about 1: excess over the limit, how much agreed and what, which rule. */
export function verdictFeatures({rule, fields}: JudgedAlert): Float32Array {
  const features = new Float32Array(featureCount);
  const nats = Number(fields['surprise.nats'] ?? 0);
  const limit = Number(fields['surprise.threshold'] ?? 0);
  const agreed = String(fields['surprise.agreed'] ?? '')
    .split('; ')
    .filter(text => text !== '');
  features[0] = clamped((nats - limit) / 5);
  features[1] = clamped(agreed.length / 3);
  for (const text of agreed) features[2 + (kindHash(text) % agreedPlaces)] = 1;
  features[2 + agreedPlaces + (kindHash(rule) % rulePlaces)] = 1;
  return features;
}

/** The probability that an alert is a true one. */
export function verdictOf(head: VerdictHead, hidden: Float32Array, features: Float32Array): number {
  let sum = head.bias;
  for (let at = 0; at < hidden.length; at++) sum += (hidden[at] as number) * (head.weights[at] ?? 0);
  for (let at = 0; at < features.length; at++) {
    sum += (features[at] as number) * (head.weights[hidden.length + at] ?? 0);
  }
  return 1 / (1 + Math.exp(-sum));
}

function clamped(value: number): number {
  return Number.isFinite(value) ? Math.max(-2, Math.min(2, value)) : 0;
}

/** Equal for sentences that differ in what they quote and in numbers only. */
function kindHash(text: string): number {
  const kind = text
    .replaceAll(/“[^”]*”|\d+/gu, '')
    .split(/\s+/, 4)
    .join(' ');
  let hash = 0x811c9dc5;
  for (let at = 0; at < kind.length; at++) hash = Math.imul(hash ^ kind.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
