import type {Micros} from '../../../event/event.ts';
import type {DnsFacts} from '../decode/application/dns.ts';
import {dnsCodeName, dnsTypeName} from '../decode/application/dns-types.ts';
import type {Conversation, Fields, RowDraft, Said} from './conversation.ts';
import {weightOfText} from './weight.ts';

const mostWaiting = 32;
const mostAnswers = 8;
const addressTypes = {A: 1, AAAA: 28} as const;

/** A query waits for its answer; an answer makes a row of both. What waited longest makes room, as a row of its own. */
export function addDns(talk: Conversation, facts: DnsFacts, time: Micros): readonly RowDraft[] {
  talk.queries ??= new Map();
  const {queries} = talk;
  const waiting = queries.get(facts.id);
  if (facts.response) {
    queries.delete(facts.id);
    return [dnsRow(waiting, {time, facts})];
  }
  // The same question again is a second try, not a second transaction.
  if (waiting && isSame(waiting.facts, facts)) return [];
  const pushed: RowDraft[] = waiting ? [dnsRow(waiting, undefined)] : [];
  queries.delete(facts.id);
  const [oldest] = queries;
  if (oldest && queries.size >= mostWaiting) {
    queries.delete(oldest[0]);
    pushed.push(dnsRow(oldest[1], undefined));
  }
  const subject = subjectOf(facts);
  queries.set(facts.id, {time, facts: subject, weight: weightOfText(nameOf(subject))});
  return pushed;
}

/** What a row of a query tells of it. */
function subjectOf(facts: DnsFacts): DnsFacts {
  const [question] = facts.questions;
  const [answer] = facts.answers;
  return {...facts, questions: question ? [question] : [], answers: question || !answer ? [] : [{...answer, data: ''}]};
}

/** Rows of the queries that nobody answered. */
export function unansweredDns(talk: Conversation): readonly RowDraft[] {
  return [...(talk.queries?.values() ?? [])].map(asked => dnsRow(asked, undefined));
}

function dnsRow(asked: Said<DnsFacts> | undefined, answered: Said<DnsFacts> | undefined): RowDraft {
  const facts = (answered ?? asked)?.facts;
  const question = facts?.questions[0] ?? asked?.facts.questions[0];
  const subject = question ?? facts?.answers[0];
  const type = subject ? dnsTypeName(subject.type) : '';
  const fields: Fields = {'network.protocol': 'dns', 'dns.id': facts?.id ?? 0};
  if (subject) {
    fields['dns.question.name'] = subject.name;
    fields['dns.question.type'] = type;
  }
  const words = `${type} ${subject?.name ?? '(no question)'}`.trim();
  if (!answered) return {time: asked?.time ?? 0, dataset: 'dns', message: `${words}: no answer`, fields};
  const code = dnsCodeName(answered.facts.responseCode);
  const answers = shownAnswers(answered.facts);
  fields['dns.response_code'] = code;
  fields['dns.answers_count'] = answered.facts.answerCount;
  if (answers.length > 0) fields['dns.answers'] = listed(answers, mostAnswers);
  const address = answered.facts.answers.find(({type, data}) => isAddressType(type) && data !== '')?.data;
  if (address !== undefined) fields['dns.resolved_ip'] = address;
  if (asked) fields['event.duration'] = Math.max(0, answered.time - asked.time) * 1000;
  const outcome = code === 'NOERROR' ? answerWords(answers, answered.facts.answerCount) : code;
  return {time: asked?.time ?? answered.time, dataset: 'dns', message: `${words} → ${outcome}`, fields};
}

function shownAnswers({answers}: DnsFacts): readonly string[] {
  const shown: string[] = [];
  for (const {data} of answers) if (data !== '' && shown.length < mostAnswers) shown.push(data);
  return shown;
}

/** Most are one or two: `join` goes a longer way. */
function listed(texts: readonly string[], most: number): string {
  let list = texts[0] ?? '';
  for (let i = 1; i < texts.length && i < most; i++) list += `, ${texts[i]}`;
  return list;
}

function answerWords(answers: readonly string[], count: number): string {
  if (answers.length > 0) return listed(answers, 3);
  return count === 0 ? 'no data' : count === 1 ? 'a record' : `${count} records`;
}

function nameOf({questions: [question]}: DnsFacts): string {
  return question?.name ?? '';
}

function isSame({questions: [one]}: DnsFacts, {questions: [other]}: DnsFacts): boolean {
  return one?.name === other?.name && one?.type === other?.type;
}

function isAddressType(type: number): boolean {
  return type === addressTypes.A || type === addressTypes.AAAA;
}
