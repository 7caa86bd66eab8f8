import {type SigmaEvent, valuesOf} from './value.ts';

/** Fields that say what an event is about, the most telling first; findings of one rule group by it. */
const telling = [
  'image',
  'sourceimage',
  'c-ip',
  'src_ip',
  'source.ip',
  'servicename',
  'targetusername',
  'exe',
  'user',
  'user.name',
];

/** The process, address, service or user that a finding is about; the host where the event names none. */
export function entityOf(event: SigmaEvent): string {
  for (const field of telling) {
    const [value] = valuesOf(event.get(field));
    if (value !== undefined && value !== '' && value !== '-') return String(value);
  }
  return event.host;
}
