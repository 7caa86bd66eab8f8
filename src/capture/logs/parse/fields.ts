import {isIP} from 'node:net';
import type {Entry, Fields} from './entry.ts';

export function addFields(entry: Entry, fields: Fields): true {
  entry.fields = entry.fields ? Object.assign(entry.fields, fields) : fields;
  return true;
}

/** `source.ip` for an address, `source.domain` for a name. */
export function addressFields(address: string): Fields {
  if (address === '' || address === 'UNKNOWN') return {};
  return isIP(address) !== 0 ? {'source.ip': address} : {'source.domain': address};
}
