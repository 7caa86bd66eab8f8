import type {Micros} from '../../event/event.ts';
import type {Level} from '../../event/level.ts';
import {sanitize} from '../../event/sanitize.ts';
import type {Entry} from './parse/entry.ts';
import {readTag} from './parse/program.ts';
import {facilityName} from './parse/syslog.ts';

/** One record of /dev/kmsg. */
export interface KernelRecord {
  readonly sequence: number;
  /** µs since boot. */
  readonly uptime: Micros;
  readonly entry: Entry;
}

const head = /^(\d{1,10}),(\d{1,16}),(\d{1,16}),[^;]{0,256};/;

/** Reads `6,339,5140900,-;message` with its ` KEY=value` lines (Linux, Documentation/ABI/testing/dev-kmsg). */
export function readKernelRecord(record: string): KernelRecord | undefined {
  const found = head.exec(record);
  if (!found) return undefined;
  const [whole, prefix, sequence, uptime] = found;
  const [first = '', ...more] = record.slice(whole.length).split('\n');
  const facility = Number(prefix) >> 3;
  const message = sanitize(unescaped(first));
  // What programs write into the kernel's log at boot names itself as syslog lines do.
  const tag = facility === 0 ? undefined : readTag(message, 0);
  const entry: Entry = {
    level: (Number(prefix) & 7) as Level,
    provider: tag?.program ?? 'kernel',
    message: tag ? message.slice(tag.end) : message,
  };
  if (tag?.pid !== undefined) entry.pid = tag.pid;
  const fields = Object.fromEntries(
    more.slice(0, 16).flatMap(line => {
      const pair = /^ (SUBSYSTEM|DEVICE)=(.{1,256})$/.exec(line);
      return pair ? [[`kernel.${(pair[1] ?? '').toLowerCase()}`, sanitize(unescaped(pair[2] ?? ''))]] : [];
    }),
  );
  if (facility !== 0) fields['log.syslog.facility.name'] = facilityName(facility);
  if (Object.keys(fields).length > 0) entry.fields = fields;
  return {sequence: Number(sequence), uptime: Number(uptime), entry};
}

/** The kernel writes control characters and bytes that are no ASCII as `\x1b`. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text;
  const bytes = text.replace(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
