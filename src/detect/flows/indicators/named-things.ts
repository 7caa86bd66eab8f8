import type {FieldValue, LogEvent} from '../../../event/event.ts';

/** What the value of a field is looked up as. `addresses`, `hashes`: several in one text. */
export type ThingKind = 'address' | 'addresses' | 'domain' | 'hash' | 'hashes' | 'ja4' | 'url';

const byName: ReadonlyMap<string, ThingKind> = new Map<string, ThingKind>([
  ...of('address', ['source.ip', 'destination.ip', 'client.ip', 'server.ip', 'dns.resolved_ip']),
  ...of('address', ['winlog.event_data.DestinationIp', 'winlog.event_data.SourceIp', 'winlog.event_data.IpAddress']),
  ...of('addresses', ['dns.answers', 'dns.answers.data', 'winlog.event_data.QueryResults']),
  ...of('domain', ['dns.question.name', 'destination.domain', 'source.domain', 'server.domain', 'url.domain']),
  ...of('domain', ['tls.client.server_name', 'http.request.host', 'tls.server.x509.subject.common_name']),
  ...of('domain', ['winlog.event_data.QueryName', 'winlog.event_data.DestinationHostname']),
  ...of('hash', ['tls.client.ja3', 'tls.server.ja3s', 'tls.client.hash.sha256', 'tls.server.hash.sha256']),
  ...of('hashes', ['winlog.event_data.Hashes', 'winlog.event_data.Hash']),
  ...of('ja4', ['tls.client.ja4']),
  ...of('url', ['url.full']),
]);

function of(kind: ThingKind, names: readonly string[]): (readonly [string, ThingKind])[] {
  return names.map(name => [name, kind]);
}

/** What a field's value is, by the field's name; undefined for what no list is about. */
export function thingKind(name: string): ThingKind | undefined {
  return byName.get(name) ?? (hashField.test(name) ? 'hash' : undefined);
}

/** `file.hash.sha256`, `process.hash.md5`, `dll.hash.sha1` … */
const hashField = /(?:^|\.)hash\.\w+$/;

/** A URL's parts as an application's row has them: host and path apart. */
export function urlOfRow({fields}: LogEvent): readonly [host: string, path: string] | undefined {
  const host = fields?.['http.request.host'];
  const path = fields?.['url.original'];
  return typeof host === 'string' && typeof path === 'string' ? [host.replace(/:\d+$/, ''), path] : undefined;
}

export function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
