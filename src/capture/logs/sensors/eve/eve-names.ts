/** ECS name by Suricata's. A field without one is called `suricata.` and its name. */
export const eveNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    src_ip: 'source.ip',
    src_port: 'source.port',
    dest_ip: 'destination.ip',
    dest_port: 'destination.port',
    proto: 'network.transport',
    community_id: 'network.community_id',
    in_iface: 'observer.ingress.interface.name',
    host: 'observer.name',
    icmp_type: 'icmp.type',
    icmp_code: 'icmp.code',
    'http.hostname': 'http.request.host',
    'http.url': 'url.original',
    'http.http_method': 'http.request.method',
    'http.http_user_agent': 'user_agent.original',
    'http.http_refer': 'http.request.referrer',
    'http.http_content_type': 'http.response.mime_type',
    'http.protocol': 'http.version',
    'http.status': 'http.response.status_code',
    'http.length': 'http.response.body.bytes',
    'tls.sni': 'tls.client.server_name',
    'tls.version': 'tls.version',
    'tls.subject': 'tls.server.subject',
    'tls.issuerdn': 'tls.server.issuer',
    'tls.notbefore': 'tls.server.not_before',
    'tls.notafter': 'tls.server.not_after',
    'tls.session_resumed': 'tls.resumed',
    'tls.ja3.hash': 'tls.client.ja3',
    'tls.ja3s.hash': 'tls.server.ja3s',
    'tls.ja4': 'tls.client.ja4',
    'tls.server_alpns': 'tls.next_protocol',
    'quic.sni': 'tls.client.server_name',
    'quic.ja3.hash': 'tls.client.ja3',
    'quic.ja3s.hash': 'tls.server.ja3s',
    'quic.ja4': 'tls.client.ja4',
    'quic.ua': 'user_agent.original',
    'ssh.client.software_version': 'ssh.client',
    'ssh.server.software_version': 'ssh.server',
    'ssh.client.hassh.hash': 'ssh.client_hassh',
    'ssh.server.hassh.hash': 'ssh.server_hassh',
    'dhcp.dhcp_type': 'dhcp.type',
    'dhcp.id': 'dhcp.transaction_id',
    'dhcp.client_mac': 'client.mac',
    'dhcp.client_ip': 'client.ip',
    'dhcp.assigned_ip': 'dhcp.offered_ip',
    'dhcp.relay_ip': 'dhcp.relay',
    'dhcp.routers': 'dhcp.router',
    'dhcp.dns_servers': 'dhcp.name_server',
    'dhcp.vendor_class_identifier': 'dhcp.vendor_class',
    'dhcp.requested_ip': 'dhcp.requested_ip',
    'dhcp.hostname': 'dhcp.hostname',
    'dhcp.lease_time': 'dhcp.lease_seconds',
    'fileinfo.filename': 'file.name',
    'fileinfo.size': 'file.size',
    'fileinfo.md5': 'file.hash.md5',
    'fileinfo.sha1': 'file.hash.sha1',
    'fileinfo.sha256': 'file.hash.sha256',
    'smtp.mail_from': 'email.from.address',
    'smtp.rcpt_to': 'email.to.address',
    'email.subject': 'email.subject',
    'netflow.pkts': 'source.packets',
    'netflow.bytes': 'source.bytes',
  }),
);

/** Types of event that become what this program's own sensor tells of the same protocol. */
const protocols = new Set(['dns', 'tls', 'http', 'dhcp', 'ssh']);

/** `event.dataset` of the rows of an event type. */
export function eveDataset(type: string): string {
  if (protocols.has(type)) return type;
  return /^[\w-]{1,64}$/.test(type) ? `suricata.${type}` : 'suricata.unknown';
}

/** The event type that rows of this dataset were made of. */
export function eveTypeOf(dataset: string): string {
  return dataset.startsWith('suricata.') ? dataset.slice(9) : dataset;
}
