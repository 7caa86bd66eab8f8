import type {LogEvent} from '../../event/event.ts';
import {hostOf, numberField, textField} from '../rules/log-field.ts';
import {plainName, registrableDomain} from './registrable.ts';

/** What a row of DNS says that detectors ask for. */
export interface DnsQuestion {
  readonly host: string;
  /** Who asked; where a log does not say, the machine that the log is of. */
  readonly client: string;
  /** Lower case, without the root's dot. */
  readonly name: string;
  /** The part of it that somebody registered. */
  readonly domain: string;
  /** `A`, `NULL`, `TYPE65399` …; '' where a log does not say. */
  readonly type: string;
  /** `NOERROR`, `NXDOMAIN` …; '' without an answer. */
  readonly outcome: string;
}

let lastRow: LogEvent | undefined;
let lastQuestion: DnsQuestion | undefined;

/**
 * Undefined for what is no question to a name server: multicast DNS, no name, a single label, a reverse look-up. The last
 * one is kept: several detectors ask for it in a row.
 */
export function dnsQuestion(row: LogEvent): DnsQuestion | undefined {
  if (row !== lastRow) {
    lastQuestion = questionOf(row);
    lastRow = row;
  }
  return lastQuestion;
}

function questionOf(row: LogEvent): DnsQuestion | undefined {
  const asked = textField(row, 'dns.question.name');
  if (asked === '' || localPorts.has(numberField(row, 'destination.port') ?? 53)) return undefined;
  const name = plainName(asked);
  if (!name.includes('.') || /\.(?:arpa|local|localhost|lan|home|internal|test|invalid)$/.test(name)) return undefined;
  return {
    host: hostOf(row),
    client: textField(row, 'source.ip') || hostOf(row),
    name,
    domain: registrableDomain(name),
    type: textField(row, 'dns.question.type').toUpperCase(),
    outcome: textField(row, 'dns.response_code').toUpperCase(),
  };
}

/** mDNS and LLMNR. */
const localPorts: ReadonlySet<number> = new Set([5_353, 5_355]);
