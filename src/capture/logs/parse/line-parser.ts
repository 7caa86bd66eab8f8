import type {Micros} from '../../../event/event.ts';
import {Levels, parseLevel} from '../../../event/level.ts';
import {sanitize} from '../../../event/sanitize.ts';
import {readApplication, readDpkg} from './application.ts';
import {readAudit} from './audit.ts';
import type {Entry} from './entry.ts';
import {parseObject, readJsonRecord} from './json-line.ts';
import {readTag} from './program.ts';
import {spokenLevel} from './spoken-level.ts';
import {StampReader} from './stamp.ts';
import {readHeader, readPriority, readRfc3164, readRfc5424} from './syslog.ts';
import {readWebAccess} from './web-access.ts';
import {readApacheError, readNginxError} from './web-error.ts';

export interface LineParserOptions {
  /** The program whose log this is, for lines that name none: `nginx`, `myapp`. */
  readonly provider: string;
  /** The machine's own name: tells a syslog host from the first word of a message. */
  readonly host: string;
}

/**
 * Turns one line of a text log into an entry. The format is found line by line, from the line's first characters, so
 * that mixed files work. Text is sanitised once, here, before anything is read from it.
 *
 * @example
 * new LineParser({provider: 'auth', host: 'pc'}).parse('Nov 22 10:00:01 pc sshd[7]: Accepted …', now).provider // 'sshd'
 */
export class LineParser {
  readonly #options: LineParserOptions;
  readonly #stamps = new StampReader();

  constructor(options: LineParserOptions) {
    this.#options = options;
  }

  /** `reference`: about when the line was written; chooses the year where a stamp has none. */
  parse(raw: string, reference: Micros): Entry {
    const line = clean(raw);
    const first = line.charCodeAt(0);
    if (first >= 48 && first <= 57) return this.#fromDigit(line);
    if (first === 60) return this.#fromPriority(line, reference);
    if (first === 91) return this.#fromBracket(line);
    if (first === 123) return this.#fromBrace(line);
    return (
      readRfc3164(line, 0, this.#stamps, reference) ??
      (first === 116 || first === 110 ? readAudit(line) : undefined) ??
      readWebAccess(line, this.#options.provider) ??
      this.#plain(line)
    );
  }

  #fromDigit(line: string): Entry {
    const time = this.#stamps.iso(line, 0);
    if (time === undefined) return readWebAccess(line, this.#options.provider) ?? this.#plain(line);
    if (line.charCodeAt(4) === 47) {
      const nginx = readNginxError(line, this.#stamps);
      if (nginx) return nginx;
    }
    return this.#afterIso(line, time);
  }

  #afterIso(line: string, time: Micros): Entry {
    const end = this.#stamps.end;
    if (this.#stamps.zoned && line.charCodeAt(10) === 84 && this.#isSyslogHeader(line, end)) {
      return readHeader(line, end, time);
    }
    const rest = line.slice(line.charCodeAt(end) === 32 ? end + 1 : end);
    return readDpkg(rest, time) ?? readApplication(rest, time, this.#options.provider);
  }

  /** rsyslog's ` host prog[pid]: `; told from an application's own words by the host's name, a pid or the kernel. */
  #isSyslogHeader(line: string, end: number): boolean {
    if (line.charCodeAt(end) !== 32) return false;
    const space = line.indexOf(' ', end + 1);
    const host = line.slice(end + 1, space);
    if (space < 0 || space - end > 256 || !/^[\w.:-]+$/.test(host) || parseLevel(host) !== undefined) return false;
    if (host === this.#options.host) return true;
    const tag = readTag(line, space + 1);
    return tag !== undefined && (tag.pid !== undefined || /^[a-z]/.test(tag.program)) && !host.endsWith(':');
  }

  #fromPriority(line: string, reference: Micros): Entry {
    const priority = readPriority(line);
    if (!priority) return this.#plain(line);
    const known =
      readRfc5424(line, priority.end, this.#stamps, priority) ??
      readRfc3164(line, priority.end, this.#stamps, reference, priority);
    if (known) return known;
    const time = this.#stamps.iso(line, priority.end);
    if (time !== undefined) return readHeader(line, this.#stamps.end, time, priority);
    const tag = readTag(line, priority.end);
    const entry: Entry = {
      level: priority.level,
      provider: tag?.program ?? this.#options.provider,
      message: line.slice(tag?.end ?? priority.end),
      fields: {'log.syslog.facility.name': priority.facility},
    };
    if (tag?.pid !== undefined) entry.pid = tag.pid;
    return entry;
  }

  #fromBracket(line: string): Entry {
    const time = this.#stamps.iso(line, 1);
    if (time !== undefined) return readApplication(line.slice(this.#stamps.end), time, this.#options.provider);
    return readApacheError(line) ?? this.#plain(line);
  }

  #fromBrace(line: string): Entry {
    const record = line.endsWith('}') ? parseObject(line) : undefined;
    return record ? readJsonRecord(record, this.#options.provider) : this.#plain(line);
  }

  #plain(line: string): Entry {
    return {level: spokenLevel(line) ?? Levels.information, provider: this.#options.provider, message: line};
  }
}

function clean(raw: string): string {
  const line = raw.charCodeAt(raw.length - 1) === 13 ? raw.slice(0, -1) : raw;
  // A byte order mark at the start of a file or of an RFC 5424 message is no text.
  return sanitize(line.includes('\ufeff') ? line.replace(/(^|[ \]])\ufeff/, '$1') : line);
}
