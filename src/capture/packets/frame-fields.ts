import type {FieldValue} from '../../event/event.ts';
import {type ByteReader, type ByteWriter, FrameError} from './bytes.ts';

/**
 * Fields on the sensor's pipe: a name as its number in this list, for most come with every row and a number needs no
 * check, or 255 and its text; then what its value is, and the value.
 */
const numbered = [
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'network.transport',
  'network.community_id',
  'network.protocol',
  'event.duration',
  'destination.domain',
  'dns.id',
  'dns.question.name',
  'dns.question.type',
  'dns.response_code',
  'dns.answers_count',
  'dns.answers',
  'dns.resolved_ip',
  'tls.client.server_name',
  'tls.client.ja3',
  'tls.client.ja4',
  'tls.established',
  'tls.cipher',
  'tls.next_protocol',
  'tls.version',
  'http.request.method',
  'http.request.host',
  'http.version',
  'http.response.status_code',
  'http.response.mime_type',
  'http.response.server',
  'url.path',
  'url.original',
  'url.query',
  'user_agent.original',
  'ssh.client',
  'ssh.server',
  'icmp.type',
  'icmp.code',
  'tls.server.ja3s',
  'tls.server.subject',
  'tls.server.issuer',
  'tls.server.not_before',
  'tls.server.not_after',
  'tls.server.x509.subject.common_name',
  'tls.server.x509.subject.organization',
  'tls.server.x509.issuer.common_name',
  'tls.server.x509.serial_number',
  'tls.server.x509.alternative_names',
  'tls.server.hash.sha256',
  'tls.server.hash.sha1',
] as const;
const numbers: ReadonlyMap<string, number> = new Map(numbered.map((name, number) => [name, number]));
const spelled = 255;
const mostFields = 32;
const longestValue = 512;
const values = {no: 0, yes: 1, number: 2, text: 3} as const;
const name = /^[a-z0-9_.]{1,64}$/;

type Fields = Readonly<Record<string, FieldValue>>;

/** 32 at the most. */
export function writeFields(to: ByteWriter, fields: Fields): void {
  const at = to.length;
  to.u8(0);
  let count = 0;
  for (const key in fields) {
    if (count === mostFields) break;
    writeName(to, key);
    writeValue(to, fields[key] ?? '');
    count++;
  }
  to.patchU8(at, count);
}

/** Throws FrameError for anything else than `writeFields` may write. Text is made safe to show. */
export function readFields(from: ByteReader): Fields {
  const count = from.u8();
  if (count > mostFields) throw new FrameError(`Expected at most ${mostFields} fields, got ${count}.`);
  const fields: Record<string, FieldValue> = {};
  for (let i = 0; i < count; i++) {
    const key = readName(from);
    fields[key] = readValue(from);
  }
  return fields;
}

function writeName(to: ByteWriter, key: string): void {
  const number = numbers.get(key);
  to.u8(number ?? spelled);
  if (number === undefined) to.text(key, 64);
}

function readName(from: ByteReader): string {
  const number = from.u8();
  const known = numbered[number];
  if (known !== undefined) return known;
  if (number !== spelled) throw new FrameError(`Expected a field's number, got ${number}.`);
  return from.word(64, name);
}

function writeValue(to: ByteWriter, value: FieldValue): void {
  if (typeof value === 'boolean') to.u8(value ? values.yes : values.no);
  else if (typeof value === 'number' && Number.isFinite(value)) {
    to.u8(values.number);
    to.f64(value);
  } else {
    to.u8(values.text);
    const text = String(value);
    to.text(text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text, longestValue);
  }
}

function readValue(from: ByteReader): FieldValue {
  const kind = from.u8();
  switch (kind) {
    case values.no:
      return false;
    case values.yes:
      return true;
    case values.number:
      return from.finite();
    case values.text:
      return from.line(longestValue * 4);
    default:
      throw new FrameError(`Expected a kind of value up to ${values.text}, got ${kind}.`);
  }
}
