import type {Micros} from '../../../event/event.ts';
import type {DhcpFacts} from '../decode/application/dhcp.ts';
import type {SshFacts} from '../decode/application/ssh.ts';
import type {Conversation, Fields, RowDraft, Side} from './conversation.ts';

/** A row when both banners are there. */
export function addSsh(talk: Conversation, facts: SshFacts, side: Side, time: Micros): readonly RowDraft[] {
  talk.banners ??= ['', ''];
  if (talk.banners[side] !== '') return [];
  talk.banners[side] = facts.software;
  talk.fields[side === 0 ? 'ssh.client' : 'ssh.server'] = facts.software;
  const [client, server] = talk.banners;
  if (client === '' || server === '') return [];
  const fields: Fields = {'network.protocol': 'ssh', 'ssh.client': client, 'ssh.server': server};
  return [{time, dataset: 'ssh', message: `${client} → ${server}`, fields}];
}

/** Each message is a row: there are few, and who gave which address is asked later. */
export function addDhcp(facts: DhcpFacts, time: Micros): readonly RowDraft[] {
  const fields: Fields = {'network.protocol': 'dhcp', 'dhcp.type': facts.type};
  const more: readonly (readonly [string, string])[] = [
    ['client.mac', facts.clientMac],
    ['client.ip', facts.clientAddress],
    ['dhcp.offered_ip', facts.offeredAddress],
    ['dhcp.requested_ip', facts.requestedAddress],
    ['dhcp.server', facts.server],
    ['dhcp.relay', facts.relay],
    ['dhcp.router', facts.router],
    ['dhcp.name_server', facts.nameServer],
    ['dhcp.hostname', facts.hostname],
    ['dhcp.vendor_class', facts.vendorClass],
    ['dhcp.parameters', facts.parameters.join(',')],
  ];
  for (const [name, value] of more) if (value !== '') fields[name] = value;
  if (facts.leaseSeconds !== undefined) fields['dhcp.lease_seconds'] = facts.leaseSeconds;
  const address = facts.offeredAddress || facts.requestedAddress || facts.clientAddress;
  const name = facts.hostname === '' ? '' : ` (${facts.hostname})`;
  const message = `${facts.type} ${address} for ${facts.clientMac}${name}`.replace('  ', ' ');
  return [{time, dataset: 'dhcp', message, fields}];
}
