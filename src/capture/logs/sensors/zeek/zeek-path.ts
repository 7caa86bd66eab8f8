import {basename} from 'node:path';
import type {JsonRecord} from '../../parse/json-line.ts';
import {isZeekPath} from './zeek-names.ts';

/**
 * The log that a file's name tells: `conn.log`, `dns.2024-01-01-00.log.gz`, `http.00:00:00-01:00:00.log`,
 * `conn_20240101.log`, `json_streaming_conn.1.log` → `conn` …; undefined where it is none of Zeek's.
 */
export function zeekPathOfFile(path: string): string | undefined {
  const stem = basename(path)
    .replace(/\.(?:gz|log|json|ndjson|tsv)\b.*$/, '')
    .replace(/^json_streaming_/, '');
  if (isZeekPath(stem)) return stem;
  const bare = stem.replace(/[._-]+\d.*$/, '');
  return isZeekPath(bare) ? bare : undefined;
}

/** The log that a record itself tells, by `_path` or by columns that only one log has. */
export function zeekPathOfRecord(record: JsonRecord): string | undefined {
  const said = record._path;
  if (typeof said === 'string' && said !== '') return said;
  return telltale.find(([, column]) => column in record)?.[0];
}

const telltale: readonly (readonly [path: string, column: string])[] = [
  ['conn', 'conn_state'],
  ['dns', 'qclass'],
  ['dns', 'trans_id'],
  ['ssl', 'ssl_history'],
  ['ssl', 'cert_chain_fps'],
  ['http', 'request_body_len'],
  ['x509', 'certificate.serial'],
  ['files', 'seen_bytes'],
  ['notice', 'suppress_for'],
];
