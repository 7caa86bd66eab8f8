import {addressText} from '../decode/address.ts';
import type {CertificateFacts} from '../decode/application/certificate.ts';
import type {TlsFacts} from '../decode/application/tls.ts';
import {cipherName} from '../decode/application/tls-ciphers.ts';
import type {Conversation, Fields, RowDraft} from './conversation.ts';

const mostText = 500;

/** A side's hello. When both are there, the row of the handshake. */
export function addTls(talk: Conversation, facts: TlsFacts, time: number): readonly RowDraft[] {
  talk.tls ??= {time, told: false};
  // Sent again: what it told is in the flow's fields.
  if (talk.tls.told) return [];
  // A hello that came in parts was told as far as it went.
  if (facts.kind === 'tls-client' && !talk.tls.client?.complete) talk.tls.client = facts;
  if (facts.kind === 'tls-server' && !talk.tls.server?.complete) talk.tls.server = facts;
  Object.assign(talk.fields, tlsFields(talk));
  return handshakeRows(talk);
}

/** The row of the handshake, once both hellos are there and the certificate is not waited for. */
export function handshakeRows(talk: Conversation): readonly RowDraft[] {
  return talk.tls?.client && talk.tls.server && !talk.flight ? tlsRows(talk) : [];
}

/** The row of a handshake that was not told of yet: at the flow's end also of one side alone. */
export function tlsRows(talk: Conversation): readonly RowDraft[] {
  const {tls} = talk;
  if (!tls || tls.told) return [];
  tls.told = true;
  const fields: Fields = {'network.protocol': talk.service, ...tlsFields(talk)};
  if (tls.certificate) Object.assign(fields, certificateFields(tls.certificate));
  fields['tls.established'] = tls.server !== undefined;
  const name = tls.client?.serverName || destinationOf(talk);
  const version = tls.server?.version ?? tls.client?.version ?? '';
  const words = [name, `TLS ${version}`, fields['tls.cipher'], fields['tls.next_protocol']];
  const message = words.filter(word => word !== undefined && word !== '').join(', ');
  const whole = tls.server ? message : `${message}: no server hello`;
  tls.client = tls.server = tls.certificate = undefined;
  return [{time: tls.time, dataset: 'tls', message: whole, fields}];
}

function destinationOf({ends: {family, words}}: Conversation): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words.slice(4);
  return addressText(family, w0, w1, w2, w3);
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

/** As other sensors' rows have them (`tls.server.subject`), and by what lists of indicators name. */
function certificateFields({subject, issuer, ...certificate}: CertificateFacts): Fields {
  const fields: Fields = {};
  put(fields, 'tls.server.subject', subject.text);
  put(fields, 'tls.server.issuer', issuer.text);
  put(fields, 'tls.server.not_before', certificate.notBefore);
  put(fields, 'tls.server.not_after', certificate.notAfter);
  put(fields, 'tls.server.x509.subject.common_name', subject.commonName);
  put(fields, 'tls.server.x509.subject.organization', subject.organization);
  put(fields, 'tls.server.x509.issuer.common_name', issuer.commonName);
  put(fields, 'tls.server.x509.serial_number', certificate.serial);
  put(fields, 'tls.server.x509.alternative_names', listed(certificate.names));
  put(fields, 'tls.server.hash.sha256', certificate.sha256);
  put(fields, 'tls.server.hash.sha1', certificate.sha1);
  return fields;
}

/** As many names as a field has room for. */
function listed(names: readonly string[]): string {
  let text = '';
  for (const [index, name] of names.entries()) {
    const longer = index === 0 ? name : `${text},${name}`;
    if (longer.length > mostText) return `${text},…`;
    text = longer;
  }
  return text;
}

function put(fields: Fields, name: string, value: string | undefined): void {
  if (value !== undefined && value !== '') fields[name] = value;
}
