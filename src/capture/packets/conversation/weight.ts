import type {HttpRequest} from '../decode/application/http.ts';
import type {Conversation, Fields, TlsHellos} from './conversation.ts';

/** Bytes of objects, their ends and numbers, as measured. */
const conversation = 800;
const thing = 350;
const text = 32;

/** The bytes that a conversation takes in memory, roughly: how much is for whoever sends the packets to say. */
export function weightOf({fields, queries, requests, tls, quic}: Conversation): number {
  let bytes = conversation + ofFields(fields) + (quic?.held ?? 0);
  if (tls) bytes += ofTls(tls);
  if (queries) for (const {weight} of queries.values()) bytes += thing + weight;
  if (requests) for (const {weight} of requests) bytes += thing + weight;
  return bytes;
}

function ofFields(fields: Readonly<Fields>): number {
  let bytes = 0;
  for (const name in fields) bytes += ofText(fields[name]);
  return bytes;
}

function ofTls({client, server, certificate}: TlsHellos): number {
  let bytes = 0;
  for (const hello of [client, server]) {
    if (hello) bytes += thing + ofText(hello.serverName) + ofTexts(hello.applicationProtocols);
  }
  if (certificate) bytes += thing + ofText(certificate.subject.text) * 2 + ofText(certificate.issuer.text) * 2;
  return bytes + ofTexts(certificate?.names ?? []);
}

export function weightOfRequest({target, host, userAgent, contentType}: HttpRequest): number {
  return ofTexts([target, host, userAgent, contentType]);
}

function ofTexts(texts: readonly string[]): number {
  return texts.reduce((sum, one) => sum + ofText(one), 0);
}

function ofText(value: unknown): number {
  return typeof value === 'string' ? weightOfText(value) : 0;
}

export function weightOfText(value: string): number {
  return text + value.length;
}
