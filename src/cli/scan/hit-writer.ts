import type {EcsRecord} from '../../event/ecs.ts';
import type {Output} from '../output/output.ts';
import type {Column, RowWriter} from '../output/writer.ts';
import {writerFor} from '../query-output.ts';
import {NavigatorLayer} from './navigator.ts';
import type {ScanForm} from './scan-options.ts';

const tableColumns: readonly Column[] = [
  {name: '@timestamp', title: 'time'},
  {name: 'rule.level', title: 'level'},
  {name: 'rule.name', title: 'rule'},
  {name: 'host.name', title: 'host'},
  {name: 'event.code', title: 'event id', align: 'right'},
  {name: 'event.reason', title: 'reason'},
];

const csvColumns: readonly Column[] = [
  '@timestamp',
  'rule.level',
  'rule.name',
  'rule.id',
  'rule.tags',
  'threat.technique.id',
  'host.name',
  'user.name',
  'winlog.channel',
  'event.provider',
  'event.code',
  'winlog.record_id',
  'event.copies',
  'event.count',
  'event.reason',
  'message',
  'file.path',
].map(name => ({name, title: name}));

/** A table is fitted to so many first rows. */
const sampleRows = 1_000;

/** Writes hits in the wanted form, one after another. */
export class HitWriter {
  readonly #output: Output;
  readonly #rows: RowWriter | undefined;
  readonly #layer = new NavigatorLayer();
  /** In a table the rule's name says how often, as in the monitor; other forms have `event.count`. */
  readonly #counts: boolean;
  #sample: EcsRecord[] | undefined = [];

  constructor(form: ScanForm, utc: boolean, output: Output) {
    this.#output = output;
    this.#counts = form === 'table';
    if (form !== 'navigator')
      this.#rows = writerFor({output: form}, form === 'table' ? tableColumns : csvColumns, undefined, utc);
  }

  async write(record: EcsRecord): Promise<void> {
    if (!this.#rows) {
      this.#layer.add(record);
      return;
    }
    const row = this.#counts ? counted(record) : record;
    if (!this.#sample) await this.#output.write(this.#rows.row(row));
    else if (this.#sample.push(row) >= sampleRows) await this.#begin(this.#rows, this.#sample);
  }

  /** `description` says of a layer what was scanned. */
  async end(description: string, form: ScanForm): Promise<void> {
    if (!this.#rows) await this.#output.write(this.#layer.text(description));
    else {
      const isWorthHeading = form === 'csv' || (this.#sample?.length ?? 0) > 0;
      if (this.#sample && isWorthHeading) await this.#begin(this.#rows, this.#sample);
      await this.#output.write(this.#rows.end());
    }
    await this.#output.flush();
  }

  async #begin(rows: RowWriter, sample: readonly EcsRecord[]): Promise<void> {
    this.#sample = undefined;
    await this.#output.write(rows.begin(sample));
    for (const record of sample) await this.#output.write(rows.row(record));
  }
}

function counted(record: EcsRecord): EcsRecord {
  const count = record['event.count'];
  return typeof count === 'number' && count > 1 ? {...record, 'rule.name': `${record['rule.name']} ×${count}`} : record;
}
