import type {TlsFacts} from '../decode/application/tls.ts';
import {cipherName} from '../decode/application/tls-ciphers.ts';
import type {Conversation, Fields, RowDraft} from './conversation.ts';

/** A side's hello. When both are there, the row of the handshake. */
export function addTls(talk: Conversation, facts: TlsFacts, time: number): readonly RowDraft[] {
  talk.tls ??= {time, told: false};
  // A hello that came in parts was told as far as it went.
  if (facts.kind === 'tls-client' && !talk.tls.client?.complete) talk.tls.client = facts;
  if (facts.kind === 'tls-server' && !talk.tls.server?.complete) talk.tls.server = facts;
  Object.assign(talk.fields, tlsFields(talk));
  return talk.tls.client && talk.tls.server ? tlsRows(talk) : [];
}

/** The row of a handshake that was not told of yet: at the flow's end also of one side alone. */
export function tlsRows(talk: Conversation): readonly RowDraft[] {
  const {tls} = talk;
  if (!tls || tls.told) return [];
  tls.told = true;
  const fields: Fields = {'network.protocol': talk.service, ...tlsFields(talk)};
  fields['tls.established'] = tls.server !== undefined;
  const name = tls.client?.serverName || String(talk.ends['destination.ip']);
  const version = tls.server?.version ?? tls.client?.version ?? '';
  const words = [name, `TLS ${version}`, fields['tls.cipher'], fields['tls.next_protocol']];
  const message = words.filter(word => word !== undefined && word !== '').join(', ');
  return [{time: tls.time, dataset: 'tls', message: tls.server ? message : `${message}: no server hello`, fields}];
}

function tlsFields({tls}: Conversation): Fields {
  const {client, server} = tls ?? {};
  const protocols = server?.applicationProtocols[0] ?? client?.applicationProtocols[0];
  const fields: Fields = {};
  put(fields, 'tls.client.server_name', client?.serverName);
  put(fields, 'destination.domain', client?.serverName);
  put(fields, 'tls.version', server?.version ?? client?.version);
  put(fields, 'tls.cipher', server && server.cipher >= 0 ? cipherName(server.cipher) : undefined);
  put(fields, 'tls.next_protocol', protocols);
  put(fields, 'tls.client.ja3', client?.ja3);
  put(fields, 'tls.client.ja4', client?.ja4);
  put(fields, 'tls.server.ja3s', server?.ja3);
  return fields;
}

function put(fields: Fields, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') fields[name] = value;
}
