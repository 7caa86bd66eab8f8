import {spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer as createTcpServer, connect as tcpConnect} from 'node:net';
import {join} from 'node:path';
import {connect, createServer, type TLSSocket} from 'node:tls';
import {ethernet, ipv4, pcapFile, tcp} from '../bench/packet-builder.ts';
import {needs, program} from './needs.ts';
import {cleanUp, configure, query, siem, workFolder} from './support/siem.ts';

afterEach(cleanUp);

const openssl = program('openssl', 'version');
const subject = '/C=CH/ST=Zürich/O=Example, Inc/CN=www.example.test/emailAddress=a@example.test';
const names = 'subjectAltName=DNS:www.example.test,DNS:*.example.test,IP:192.0.2.1,email:a@example.test';
const begin = 1_767_225_600_000_000;

interface Said {
  readonly fromServer: boolean;
  readonly bytes: Buffer;
}

/** A key and a certificate of its own as OpenSSL makes them. */
function makeCertificate(folder: string): {readonly key: string; readonly cert: string} {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-utf8', '-days', '9', '-subj', subject];
  const done = spawnSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', cert], {encoding: 'utf8'});
  expect([done.status, done.error]).toEqual([0, undefined]);
  return {key, cert};
}

/** What OpenSSL says of a certificate. */
function said(cert: string, ...words: readonly string[]): string {
  const {stdout} = spawnSync('openssl', ['x509', '-in', cert, '-noout', ...words], {encoding: 'utf8'});
  return stdout.trim().replace(/^[^=]*=/, '');
}

/** Everything that both ends of a handshake say to each other, in its order. */
async function handshake(folder: string, version: 'TLSv1.2' | 'TLSv1.3'): Promise<readonly Said[]> {
  const {key, cert} = {key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem'))};
  const server = createServer({key, cert, minVersion: version, maxVersion: version}, socket => socket.end('x'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const heard: Said[] = [];
  const between = createTcpServer(client => {
    const onward = tcpConnect((server.address() as AddressInfo).port, '127.0.0.1');
    client.on('data', bytes => heard.push({fromServer: false, bytes: Buffer.from(bytes)}));
    onward.on('data', bytes => heard.push({fromServer: true, bytes: Buffer.from(bytes)}));
    client.pipe(onward).pipe(client);
  });
  between.listen(0, '127.0.0.1');
  await once(between, 'listening');
  const {port} = between.address() as AddressInfo;
  const client: TLSSocket = connect({
    port,
    host: '127.0.0.1',
    servername: 'www.example.test',
    rejectUnauthorized: false,
  });
  client.resume();
  await once(client, 'close');
  server.close();
  between.close();
  return heard;
}

/** The same on a wire, in segments of 700 bytes. */
function capture(heard: readonly Said[]): Buffer {
  const sent = {client: 1, server: 1};
  const packets = heard.flatMap(({fromServer, bytes}) => {
    const segments: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 700) segments.push(bytes.subarray(at, at + 700));
    return segments.map(segment => {
      const side = fromServer ? 'server' : 'client';
      const ports = fromServer ? {from: 443, to: 50_000} : {from: 50_000, to: 443};
      const ends = fromServer ? {from: '192.0.2.7', to: '10.0.0.5'} : {from: '10.0.0.5', to: '192.0.2.7'};
      const payload = tcp({...ports, flags: 0x18, sequence: sent[side]}, segment);
      sent[side] += segment.length;
      return ethernet(0x0800, ipv4({...ends, protocol: 6}, payload));
    });
  });
  return pcapFile(packets.map((bytes, index) => ({time: begin + index * 1_000, bytes})));
}

async function handshakeRow(file: string): Promise<Readonly<Record<string, unknown>>> {
  const {out} = await siem(['read', file]).ended;
  const rows = out.split('\n').filter(line => line.includes('"event.dataset":"tls"'));
  expect(rows).toHaveLength(1);
  return JSON.parse(rows[0] ?? '{}');
}

needs(openssl)('a server’s certificate is what OpenSSL says it is, and one on a list raises an alert', async () => {
  const folder = workFolder();
  const {cert} = makeCertificate(folder);
  const file = join(folder, 'old.pcap');
  writeFileSync(file, capture(await handshake(folder, 'TLSv1.2')));
  const names = ['-nameopt', 'RFC2253,utf8,-esc_msb'];
  const sha1 = said(cert, '-fingerprint', '-sha1').replaceAll(':', '').toLowerCase();
  expect(await handshakeRow(file)).toMatchObject({
    'tls.version': '1.2',
    'tls.server.subject': said(cert, '-subject', ...names),
    'tls.server.issuer': said(cert, '-issuer', ...names),
    'tls.server.not_before': new Date(said(cert, '-startdate')).toISOString(),
    'tls.server.not_after': new Date(said(cert, '-enddate')).toISOString(),
    'tls.server.x509.subject.common_name': 'www.example.test',
    'tls.server.x509.subject.organization': 'Example, Inc',
    'tls.server.x509.issuer.common_name': 'www.example.test',
    'tls.server.x509.serial_number': said(cert, '-serial'),
    'tls.server.x509.alternative_names': 'www.example.test,*.example.test',
    'tls.server.hash.sha256': said(cert, '-fingerprint', '-sha256').replaceAll(':', '').toLowerCase(),
    'tls.server.hash.sha1': sha1,
  });
  const dataDir = join(folder, 'data');
  const list = join(folder, 'certificates.txt');
  writeFileSync(list, `${sha1}\n`);
  configure(dataDir, {network: {indicators: list}});
  expect(await siem(['import', file, '--data-dir', dataDir]).ended).toMatchObject({status: 0});
  const alerts = await query(dataDir, '-k', 'alerts', '--since', '2025-01-01', 'rule:network.indicator');
  expect(alerts).toMatchObject([{'event.reason': expect.stringContaining(`${sha1} (tls.server.hash.sha1`)}]);
});

needs(openssl)('of TLS 1.3, which hides it, the handshake is told without', async () => {
  const folder = workFolder();
  makeCertificate(folder);
  const file = join(folder, 'new.pcap');
  writeFileSync(file, capture(await handshake(folder, 'TLSv1.3')));
  const row = await handshakeRow(file);
  expect(row).toMatchObject({'tls.version': '1.3', 'tls.established': true});
  expect(row).not.toHaveProperty(['tls.server.hash.sha1']);
});
