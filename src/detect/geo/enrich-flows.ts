import type {Event, FieldValue, FlowEvent} from '../../event/event.ts';
import {addressKind} from '../surprise/flows/address-kind.ts';
import type {GeoDatabases} from './geo-databases.ts';

/** The events, flows among them with where their outside ends are. What a sensor said of that itself stays. */
export function enrichFlows(events: readonly Event[], databases: GeoDatabases): readonly Event[] {
  return events.map(event => (event.kind === 'flow' ? enriched(event, databases) : event));
}

function enriched(flow: FlowEvent, databases: GeoDatabases): FlowEvent {
  const more = {
    ...placeFields('source', flow.sourceIp, databases),
    ...placeFields('destination', flow.destinationIp, databases),
  };
  return Object.keys(more).length === 0 ? flow : {...flow, fields: {...more, ...flow.fields}};
}

function placeFields(
  end: 'source' | 'destination',
  address: string,
  databases: GeoDatabases,
): Record<string, FieldValue> {
  if (addressKind(address) !== 'public') return {};
  const {country, asNumber, asName} = databases.placeOf(address);
  const fields: Record<string, FieldValue> = {};
  if (country !== undefined) fields[`${end}.geo.country_iso_code`] = country;
  if (asNumber !== undefined) fields[`${end}.as.number`] = asNumber;
  if (asName !== undefined) fields[`${end}.as.organization.name`] = asName;
  return fields;
}
