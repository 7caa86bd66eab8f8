import type {FieldValue, Micros} from '../../../event/event.ts';
import {FieldList} from './field-list.ts';

/**
 * One event of a Windows log while it is read, whatever it is read from: the values of its `<System>` and its data, in
 * their order, by the names that winlogbeat gave them. Kept by the reader and reset for the next event.
 */
export class WindowsEntry {
  readonly fields = new FieldList();
  provider = '';
  code = 0;
  level = 0;
  keywords = '';
  channel = '';
  computer = '';
  recordId = 0;
  /** Undefined where the event does not say. */
  time: Micros | undefined;
  readonly #positional: FieldValue[] = [];

  reset(): void {
    this.fields.clear();
    this.provider = '';
    this.code = 0;
    this.level = 0;
    this.keywords = '';
    this.channel = '';
    this.computer = '';
    this.recordId = 0;
    this.time = undefined;
    this.#positional.length = 0;
  }

  /**
   * Takes a value of `<System>` by its path: `Channel`, or element and attribute as Sigma writes them,
   * `Provider_Name`. Values are sanitised.
   */
  system(path: string, value: FieldValue): void {
    switch (path) {
      case 'Provider_Name':
        this.provider = String(value);
        break;
      case 'EventID':
        this.#eventId(Number(value));
        return;
      case 'Level':
        this.level = Number(value);
        break;
      case 'Keywords':
        this.keywords = String(value);
        break;
      case 'TimeCreated_SystemTime':
        this.time ??= readTime(String(value));
        return;
      case 'EventRecordID':
        this.recordId = Number(value);
        break;
      case 'Channel':
        this.channel = String(value);
        break;
      case 'Computer':
        this.computer = String(value);
        break;
      default:
    }
    const field = systemFields.get(path);
    if (!field) this.fields.add(`winlog.system.${path}`, value);
    else this.fields.add(field.name, field.number ? numeric(value) : value);
  }

  /** Takes data without a name. Undefined is a place that holds nothing and counts. */
  positional(value: FieldValue | undefined): void {
    this.#positional.push(value ?? '');
    if (value === undefined) return;
    this.fields.add(`winlog.event_data.param${this.#positional.length}`, value);
  }

  /** To be called when all was taken: rules ask for `Data` where the data has no names. */
  finish(): void {
    const values = this.#positional;
    if (values.length === 0) return;
    this.fields.add('winlog.event_data.Data', values.length === 1 ? (values[0] as FieldValue) : values.join('\n'));
  }

  /** The id is in the lower 16 bits; above them are the qualifiers, which newer events name apart. */
  #eventId(id: number): void {
    if (!Number.isInteger(id) || id < 0) return;
    this.code = id & 0xffff;
    if (id > 0xffff) this.fields.add('winlog.qualifiers', Math.floor(id / 0x10000));
  }
}

const numbered = (name: string) => ({name, number: true});
const named = (name: string) => ({name, number: false});

const systemFields: ReadonlyMap<string, {readonly name: string; readonly number: boolean}> = new Map([
  ['Provider_Name', named('winlog.provider_name')],
  ['Provider_Guid', named('winlog.provider_guid')],
  ['Provider_EventSourceName', named('winlog.event_source_name')],
  ['EventID_Qualifiers', numbered('winlog.qualifiers')],
  ['Version', numbered('winlog.version')],
  ['Level', numbered('winlog.level')],
  ['Task', numbered('winlog.task')],
  ['Opcode', numbered('winlog.opcode')],
  ['Keywords', named('winlog.keywords')],
  ['EventRecordID', numbered('winlog.record_id')],
  ['Correlation_ActivityID', named('winlog.activity_id')],
  ['Correlation_RelatedActivityID', named('winlog.related_activity_id')],
  ['Execution_ProcessID', numbered('winlog.process.pid')],
  ['Execution_ThreadID', numbered('winlog.process.thread.id')],
  ['Channel', named('winlog.channel')],
  ['Computer', named('winlog.computer_name')],
  ['Security_UserID', named('winlog.user.identifier')],
]);

/** Text that is a whole number becomes one, where that loses nothing. */
function numeric(value: FieldValue): FieldValue {
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) return value;
  return Number(value);
}

/** `2021-03-31T23:51:45.0187674Z` to the microsecond. */
function readTime(text: string): Micros | undefined {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z?$/.exec(text) ?? [];
  const time = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`);
  return Number.isNaN(time) ? undefined : time * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
