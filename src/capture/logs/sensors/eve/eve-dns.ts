import type {FieldValue} from '../../../../event/event.ts';
import {sanitize} from '../../../../event/sanitize.ts';
import type {JsonRecord} from '../../parse/json-line.ts';
import {addAnswers} from '../resource.ts';
import type {MutableFields} from '../sensor-record.ts';

const mostAnswers = 64;

/**
 * What the `dns` part of a record says, whichever version it has. 1: an event for the query and one for each answer
 * (`rdata`); 2: one for the query and one for all `answers`; 3: `queries` and `answers` together. With an alert, 2 has
 * `query` as a list and `answer` as an object. Adds the fields and returns whether an answer is told.
 */
export function addDns(fields: MutableFields, dns: JsonRecord): boolean {
  const answer = objectOf(dns.answer);
  const question = firstOf(dns.queries) ?? firstOf(dns.query) ?? answer ?? dns;
  set(fields, 'dns.question.name', question.rrname);
  set(fields, 'dns.question.type', question.rrtype);
  set(fields, 'dns.id', dns.id ?? question.id);
  set(fields, 'dns.response_code', dns.rcode ?? answer?.rcode);
  const answered = dns.type === 'answer' || dns.type === 'response' || answer !== undefined || dns.rcode !== undefined;
  fields['dns.type'] = answered ? 'answer' : 'query';
  addAnswers(fields, answersOf(answer ?? dns));
  return answered;
}

/** Whether a field is told in other words. `answers` stays, for its times to live. */
export function isDnsTold(name: string): boolean {
  return dnsTold.has(name) || name.startsWith('suricata.dns.grouped.');
}

const dnsTold = new Set(
  ['type', 'rrname', 'rrtype', 'id', 'rcode', 'rdata', 'queries', 'query'].map(name => `suricata.dns.${name}`),
);

function answersOf(dns: JsonRecord): string[] {
  const found: string[] = [];
  const add = (value: unknown) => {
    if (typeof value === 'string' && value !== '' && found.length < mostAnswers) found.push(sanitize(value));
  };
  for (const answer of listOf(dns.answers)) add(objectOf(answer)?.rdata);
  if (found.length === 0) for (const group of Object.values(objectOf(dns.grouped) ?? {})) listOf(group).forEach(add);
  if (found.length === 0) add(dns.rdata);
  return found;
}

function set(fields: MutableFields, name: string, value: unknown): void {
  const plain: FieldValue | undefined =
    typeof value === 'string' ? sanitize(value) : typeof value === 'number' ? value : undefined;
  if (plain !== undefined) fields[name] = plain;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstOf(value: unknown): JsonRecord | undefined {
  return objectOf(listOf(value)[0]);
}

function objectOf(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}
