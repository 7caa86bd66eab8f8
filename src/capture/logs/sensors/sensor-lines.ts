import {type JsonRecord, parseObject} from '../parse/json-line.ts';
import {isEveRecord, readEve} from './eve/eve-record.ts';
import type {SensorRecord} from './sensor-record.ts';
import {TsvHeader} from './zeek/tsv-header.ts';
import {readTsvLine} from './zeek/tsv-values.ts';
import {zeekPathOfFile} from './zeek/zeek-path.ts';
import {isZeekRecord, readZeekJson, zeekRecord} from './zeek/zeek-record.ts';

/** `header`: a line that tells how others are to be read. `damaged`: of this log, and cannot be read. */
export type SensorLine = SensorRecord | 'header' | 'damaged';

/**
 * Finds the lines of Suricata's and Zeek's logs among those of one file, by their content; the file's name tells which
 * of Zeek's logs it is where the content does not.
 */
export class SensorLines {
  readonly #path: string | undefined;
  #header: TsvHeader | undefined;
  #sawZeek = false;

  constructor(path: string) {
    this.#path = zeekPathOfFile(path);
  }

  /** Whether Zeek wrote lines of the file: it moves its files elsewhere when they are full. */
  get isZeek(): boolean {
    return this.#sawZeek;
  }

  /** What a line is, or undefined where it belongs to no sensor's log. */
  read(line: string): SensorLine | undefined {
    const first = line.charCodeAt(0);
    if (first === brace) return this.#json(line);
    if (first === hash && this.#comment(line)) return 'header';
    const form = this.#header?.form;
    if (form === undefined) return undefined;
    const fields = readTsvLine(line.endsWith('\r') ? line.slice(0, -1) : line, form);
    return (fields && zeekRecord(form.log, fields)) ?? 'damaged';
  }

  /** What an object is, or undefined where it is no sensor's. */
  readObject(record: JsonRecord): SensorRecord | 'damaged' | undefined {
    if (isEveRecord(record)) return readEve(record) ?? 'damaged';
    if (!isZeekRecord(record, this.#path)) return undefined;
    this.#sawZeek = true;
    return readZeekJson(record, this.#path) ?? 'damaged';
  }

  #json(line: string): SensorLine | undefined {
    if (!line.includes('"event_type"') && !line.includes('"ts"')) return undefined;
    const record = parseObject(line);
    return record && this.readObject(record);
  }

  /** A file becomes Zeek's by `#separator`, or by `#fields` where that line is lost. */
  #comment(line: string): boolean {
    if (line.startsWith('#separator ')) this.#header = new TsvHeader(this.#path);
    else if (this.#header === undefined && line.startsWith('#fields\t')) this.#header = new TsvHeader(this.#path);
    if (this.#header?.take(line.endsWith('\r') ? line.slice(0, -1) : line) !== true) return false;
    this.#sawZeek = true;
    return true;
  }
}

const brace = 0x7b;
const hash = 0x23;
