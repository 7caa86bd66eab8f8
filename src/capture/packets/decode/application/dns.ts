import {ipv4Text, ipv6Text} from '../address.ts';
import {i32, u16} from '../decoded.ts';
import {readDnsName} from './dns-name.ts';
import {dnsTypeName, isNamedType} from './dns-types.ts';
import {wireText} from './wire-text.ts';

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsAnswer extends DnsQuestion {
  readonly ttl: number;
  /** Address or name; text for TXT; '' for other types. */
  readonly data: string;
}

export interface DnsFacts {
  readonly kind: 'dns';
  readonly id: number;
  readonly response: boolean;
  readonly opcode: number;
  readonly truncated: boolean;
  readonly responseCode: number;
  /** At most 8, and at most 16 answers; the counts are what the header claims. */
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsAnswer[];
  readonly questionCount: number;
  readonly answerCount: number;
  readonly authorityCount: number;
  readonly additionalCount: number;
  /** A name or record could not be read; what came before is given. */
  readonly damaged: boolean;
}

const maxQuestions = 8;
const maxAnswers = 16;

/** A DNS message, as DNS, mDNS and LLMNR have it. Undefined where there is not even a header. */
export function parseDns(bytes: Uint8Array, start: number, end: number): DnsFacts | undefined {
  if (start + 12 > end) return undefined;
  const flags = u16(bytes, start + 2);
  const [questionCount, answerCount] = [u16(bytes, start + 4), u16(bytes, start + 6)];
  const questions: DnsQuestion[] = [];
  const answers: DnsAnswer[] = [];
  let at = start + 12;
  while (at > 0 && questions.length < Math.min(questionCount, maxQuestions)) {
    at = readQuestion(bytes, start, at, end, questions);
  }
  // Behind questions that were left out nobody knows where the answers begin.
  if (questionCount > maxQuestions) at = answerCount > 0 ? -1 : at;
  while (at > 0 && answers.length < Math.min(answerCount, maxAnswers)) {
    at = readAnswer(bytes, start, at, end, answers);
  }
  return {
    kind: 'dns',
    id: u16(bytes, start),
    response: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    truncated: (flags & 0x0200) !== 0,
    responseCode: flags & 15,
    questions,
    answers,
    questionCount,
    answerCount,
    authorityCount: u16(bytes, start + 8),
    additionalCount: u16(bytes, start + 10),
    damaged: at < 0,
  };
}

/**
 * A DNS message on a port that does not say so: a header as queries and their answers have it, and one whole question of
 * a registered type in the class Internet. Cheap where it is none.
 */
export function looksLikeDns(bytes: Uint8Array, start: number, end: number): boolean {
  if (start + 17 > end || u16(bytes, start + 4) !== 1) return false;
  const flags = u16(bytes, start + 2);
  const [isAnswer, isQuery] = [(flags & 0x8000) !== 0, (flags & 0xfecf) === 0];
  // Of a query only "recursion desired", "authentic data" and "checking disabled" may be set; of both no operation but a query.
  if (!(isAnswer ? (flags & 0x7840) === 0 : isQuery && u16(bytes, start + 6) === 0)) return false;
  const name = readDnsName(bytes, start, start + 12, end);
  if (!name || name.next + 4 > end || u16(bytes, name.next + 2) !== 1) return false;
  return isNamedType(u16(bytes, name.next));
}

/** Over TCP a length comes first; a message that goes on in the next segment is read as far as it is there. */
export function parseDnsOverTcp(bytes: Uint8Array, start: number, end: number): DnsFacts | undefined {
  if (start + 14 > end) return undefined;
  return parseDns(bytes, start + 2, Math.min(end, start + 2 + u16(bytes, start)));
}

/** Adds a question and returns where it ends, or -1. A name whose type was cut off is still worth having. */
function readQuestion(bytes: Uint8Array, start: number, at: number, end: number, into: DnsQuestion[]): number {
  const name = readDnsName(bytes, start, at, end);
  if (!name) return -1;
  const whole = name.next + 4 <= end;
  into.push({
    name: name.text,
    type: whole ? u16(bytes, name.next) : 0,
    class: whole ? u16(bytes, name.next + 2) : 0,
  });
  return whole ? name.next + 4 : -1;
}

function readAnswer(bytes: Uint8Array, start: number, at: number, end: number, into: DnsAnswer[]): number {
  const name = readDnsName(bytes, start, at, end);
  if (!name || name.next + 10 > end) return -1;
  const type = u16(bytes, name.next);
  const data = name.next + 10;
  const next = data + u16(bytes, name.next + 8);
  if (next > end) return -1;
  const ttl = i32(bytes, name.next + 4) >>> 0;
  into.push({
    name: name.text,
    type,
    class: u16(bytes, name.next + 2),
    ttl,
    data: dataText(bytes, start, data, next, type),
  });
  return next;
}

function dataText(bytes: Uint8Array, start: number, at: number, end: number, type: number): string {
  switch (dnsTypeName(type)) {
    case 'A':
      return end - at === 4 ? ipv4Text(i32(bytes, at)) : '';
    case 'AAAA':
      if (end - at !== 16) return '';
      return ipv6Text(i32(bytes, at), i32(bytes, at + 4), i32(bytes, at + 8), i32(bytes, at + 12));
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return readDnsName(bytes, start, at, end)?.text ?? '';
    case 'MX':
      return readDnsName(bytes, start, at + 2, end)?.text ?? '';
    case 'SRV':
      return readDnsName(bytes, start, at + 6, end)?.text ?? '';
    case 'TXT':
      return wireText(bytes, at + 1, end);
    default:
      return '';
  }
}
