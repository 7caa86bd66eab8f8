const services: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ftp: [21, 20],
    ssh: [22],
    telnet: [23],
    smtp: [25, 465, 587],
    dns: [53],
    dhcp: [67, 68],
    tftp: [69],
    http: [80, 8000, 8080],
    kerberos: [88],
    pop3: [110, 995],
    rpcbind: [111],
    ntp: [123],
    msrpc: [135],
    netbios: [137, 138, 139],
    imap: [143, 993],
    snmp: [161, 162],
    bgp: [179],
    ldap: [389, 636],
    https: [443, 8443],
    smb: [445],
    isakmp: [500, 4500],
    syslog: [514, 6514],
    dhcpv6: [546, 547],
    modbus: [502],
    ipp: [631],
    dot: [853],
    openvpn: [1194],
    mssql: [1433],
    oracle: [1521],
    mqtt: [1883, 8883],
    nfs: [2049],
    ssdp: [1900],
    mysql: [3306],
    rdp: [3389],
    vxlan: [4789],
    sip: [5060, 5061],
    mdns: [5353],
    llmnr: [5355],
    postgresql: [5432],
    amqp: [5672],
    vnc: [5900],
    winrm: [5985, 5986],
    redis: [6379],
    kubernetes: [6443],
    elasticsearch: [9200],
    wireguard: [51820],
    memcached: [11211],
    mongodb: [27017],
  }).flatMap(([name, ports]) => ports.map(port => [port, name] as const)),
);

/** The service usual on a port: the responder's is asked first. '' where neither says anything. */
export function serviceName(protocol: number, sourcePort: number, destinationPort: number): string {
  if (protocol !== 6 && protocol !== 17) return '';
  return services.get(destinationPort) ?? services.get(sourcePort) ?? '';
}

/** What to call a port beside the other one's: `https` for a service's, '' for the port of whoever asked. */
export function portName(protocol: string, port: number, other: number): string {
  if (protocol !== 'TCP' && protocol !== 'UDP') return '';
  const name = services.get(port);
  // Where both are known the lower is the service: 51820 is now and then only a client's port.
  return name === undefined || (port > other && services.has(other)) ? '' : name;
}

/** A port that servers listen on, as far as one can tell from the number. */
export function isServicePort(port: number): boolean {
  return (port > 0 && port < 1024) || services.has(port);
}
