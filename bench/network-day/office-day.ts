import {day, hour, minute, second} from '../../src/event/clock.ts';
import type {Event, Micros} from '../../src/event/event.ts';
import {NetworkWriter} from './writer.ts';

/** Some of what an office's network does; the addresses and names are made up. */
export const desk = '192.168.7.20';
export const server = '192.168.7.5';
const nas = '192.168.7.6';
const printer = '192.168.7.9';
const gateway = '192.168.7.1';
const macs = {
  desk: '3c:97:0e:00:00:20',
  server: 'ac:1f:6b:00:00:05',
  nas: '00:11:32:00:00:06',
  printer: '00:80:77:00:00:09',
};
const serverEnds = {sourceIp: server, sourceMac: macs.server};

interface Habit {
  /** Mean time between, and by how much of it that varies; 1: at random. */
  readonly every: Micros;
  readonly jitter: number;
  readonly hours?: readonly [from: number, until: number];
  readonly act: (write: NetworkWriter, now: Micros) => void;
}

/**
 * What the sensor reports of a workstation's and a server's ordinary days from `start`, in the order it comes, the same
 * for the same seed: clocks, look-ups, browsing, mail, updates, a chat's keep-alives, monitoring, calls, a cloud drive,
 * copies at night to a box in the office, a mail filter's block lists, a log analyser's reverse names.
 */
export function officeDays(seed: number, start: Micros, days: number): Event[] {
  const write = new NetworkWriter(seed);
  for (const {every, jitter, hours: [from, until] = [0, 24], act} of habits) {
    let now = start + write.random() * every;
    while (now < start + days * day) {
      const time = ((now - start) % day) / hour;
      if (time >= from && time < until) act(write, now);
      now += jitter === 1 ? write.exponential(every) : every * (1 + jitter * (write.random() - 0.5));
    }
  }
  return write.events();
}

const habits: readonly Habit[] = [
  {every: 256 * second, jitter: 0.02, act: (write, now) => clock(write, now, desk)},
  {every: 512 * second, jitter: 0.02, act: (write, now) => clock(write, now, server)},
  {every: 12 * hour, jitter: 0.01, act: lease},
  {every: 30 * minute, jitter: 0.3, act: updateCheck},
  {every: day, jitter: 0.2, act: update},
  {every: 5 * minute, jitter: 0.01, hours: [7, 20], act: mailPoll},
  {every: 8 * minute, jitter: 1, hours: [8, 18], act: browse},
  {every: 30 * second, jitter: 0.02, hours: [8, 18], act: chatPoll},
  {every: day, jitter: 0.01, act: chatConnection},
  {every: minute, jitter: 0.005, act: monitoringAgent},
  {every: 15 * second, jitter: 0.005, act: scrape},
  {every: 3 * hour, jitter: 1, hours: [9, 17], act: call},
  {every: 2 * hour, jitter: 1, hours: [8, 19], act: cloudDrive},
  {every: 40 * minute, jitter: 1, hours: [8, 18], act: share},
  {every: 2 * hour, jitter: 1, hours: [9, 17], act: print},
  {every: 10 * minute, jitter: 0.02, act: telemetry},
  {every: 90 * second, jitter: 0.5, act: multicast},
  {every: 3 * hour, jitter: 1, hours: [8, 19], act: browserStart},
  {every: 4 * minute, jitter: 1, act: incomingMail},
  {every: 40 * second, jitter: 1, act: visitor},
  {every: day, jitter: 0.001, act: logAnalyser},
  {every: 6 * hour, jitter: 0.1, act: virusScan},
  {every: day, jitter: 0.001, act: nightlyBackup},
];

const sites = [
  ...['news.evening-post.example', 'www.weather-today.example', 'maps.cityguide.example', 'www.bookshop.example'],
  ...['forum.gardeners.example', 'docs.framework.example', 'www.railways.example', 'video.stream-hall.example'],
  ...['search.findall.example', 'wiki.commons.example', 'code.hosting.example', 'www.recipes.example'],
];
const hex = '0123456789abcdef';
const letters = 'abcdefghijklmnopqrstuvwxyz';

function visit(write: NetworkWriter, time: Micros, name: string, sent: number, got: number, lasts: Micros): void {
  const ends = {destinationIp: addressOf(name), fields: {'destination.domain': name}};
  write.flow({time, ...ends, bytesOut: sent, bytesIn: got, lasts});
}

/** Each name has its address. */
function addressOf(name: string): string {
  const sum = [...name].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 7);
  return `${130 + (sum % 40)}.${(sum >>> 8) % 250}.${(sum >>> 16) % 250}.${1 + (sum % 200)}`;
}

function clock(write: NetworkWriter, time: Micros, sourceIp: string): void {
  const ends = {sourceIp, destinationIp: `91.189.94.${write.between(2, 5)}`, destinationPort: 123};
  write.flow({time, ...ends, transport: 'udp', service: 'ntp', bytesOut: 76, bytesIn: 76, lasts: 30_000});
}

function lease(write: NetworkWriter, time: Micros): void {
  const fields = {'dhcp.type': 'ACK', 'client.mac': macs.desk, 'dhcp.offered_ip': desk, 'source.ip': gateway};
  write.row('dhcp', time, `ACK ${desk} for ${macs.desk}`, fields);
}

function updateCheck(write: NetworkWriter, time: Micros): void {
  const name = 'packages.distribution.example';
  write.lookUp({time, client: desk, name});
  visit(write, time + 40_000, name, write.size(1_500, 0.2), write.size(9_000, 0.6), second);
}

function update(write: NetworkWriter, time: Micros): void {
  visit(write, time, 'packages.distribution.example', 60_000, write.size(2e8, 0.8), write.size(3 * minute, 0.5));
}

function mailPoll(write: NetworkWriter, time: Micros): void {
  const name = 'imap.mail-house.example';
  const ends = {
    destinationIp: addressOf(name),
    destinationPort: 993,
    service: 'imap',
    fields: {'destination.domain': name},
  };
  write.flow({time, ...ends, bytesOut: write.size(2_400, 0.1), bytesIn: write.size(6_000, 0.8), lasts: 2 * second});
}

/** Pages with pieces of networks of copies, whose names are drawn; now and then a name is mistyped. */
function browse(write: NetworkWriter, start: Micros): void {
  let time = start;
  for (let page = write.between(1, 10); page > 0; page--) {
    const name = write.one(sites);
    for (const type of ['A', 'AAAA', 'HTTPS']) write.lookUp({time, client: desk, name, type});
    visit(write, time + 30_000, name, write.size(3_000, 0.8), write.size(60_000, 1.5), write.size(20 * second, 1));
    for (let piece = write.between(0, 6); piece > 0; piece--) {
      const copy = `d${write.letters(`${letters}0123456789`, 12)}.${write.one(['cloudfront.net', 'cdn.edge-copies.example'])}`;
      write.lookUp({time: time + 50_000, client: desk, name: copy});
      visit(write, time + 90_000, copy, write.size(900, 0.5), write.size(30_000, 1.5), write.size(5 * second, 1));
    }
    if (write.random() < 0.03) write.lookUp({time, client: desk, name: name.replace('e', ''), code: 'NXDOMAIN'});
    time += write.size(40 * second, 1);
  }
}

function chatPoll(write: NetworkWriter, time: Micros): void {
  visit(write, time, 'edge.team-chat.example', write.size(1_200, 0.03), write.size(900, 0.1), second);
}

function chatConnection(write: NetworkWriter, time: Micros): void {
  visit(write, time, 'push.team-chat.example', 400_000, 700_000, 11 * hour);
}

function monitoringAgent(write: NetworkWriter, time: Micros): void {
  const name = 'intake.host-monitor.example';
  const ends = {...serverEnds, destinationIp: addressOf(name), fields: {'destination.domain': name}};
  write.flow({time, ...ends, bytesOut: write.size(8_000, 0.02), bytesIn: 700, lasts: second});
}

function scrape(write: NetworkWriter, time: Micros): void {
  const ends = {...serverEnds, destinationIp: desk, destinationMac: macs.desk, destinationPort: 9_100, service: 'http'};
  write.flow({time, ...ends, bytesOut: 600, bytesIn: 24_000, lasts: 80_000});
}

function call(write: NetworkWriter, time: Micros): void {
  const lasts = write.size(25 * minute, 0.5);
  const bytesOut = Math.round((lasts / second) * write.between(80_000, 180_000));
  const ends = {destinationIp: `52.112.${write.between(0, 60)}.${write.between(1, 250)}`, destinationPort: 3_479};
  write.flow({time, ...ends, transport: 'udp', service: '', bytesOut, bytesIn: Math.round(bytesOut * 1.1), lasts});
}

function cloudDrive(write: NetworkWriter, time: Micros): void {
  visit(write, time, 'upload.cloud-drive.example', write.size(4e6, 1.2), 20_000, write.size(40 * second, 1));
}

function share(write: NetworkWriter, time: Micros): void {
  const ends = {destinationIp: nas, destinationMac: macs.nas, destinationPort: 445, service: 'smb'};
  write.flow({
    time,
    ...ends,
    bytesOut: write.size(2e6, 1.5),
    bytesIn: write.size(4e6, 1.5),
    lasts: write.size(3 * minute, 1),
  });
}

function print(write: NetworkWriter, time: Micros): void {
  const ends = {destinationIp: printer, destinationMac: macs.printer, destinationPort: 631, service: 'ipp'};
  write.flow({time, ...ends, bytesOut: write.size(4e5, 1), bytesIn: 3_000, lasts: write.size(8 * second, 0.5)});
}

function telemetry(write: NetworkWriter, time: Micros): void {
  const name = `${write.one(['eu', 'us'])}-v20.events.vendor-telemetry.example`;
  write.lookUp({time, client: desk, name});
  visit(write, time + 40_000, name, write.size(4_000, 0.3), 800, second);
}

function multicast(write: NetworkWriter, time: Micros): void {
  const name = `${write.letters(hex, 32)}._spotify-connect._tcp.local`;
  write.lookUp({time, client: desk, name, type: 'PTR', code: '', server: '224.0.0.251', port: 5_353});
}

/** A browser asks for three names that can't be, to find out whether it is lied to. */
function browserStart(write: NetworkWriter, time: Micros): void {
  for (let probe = 0; probe < 3; probe++) {
    const name = write.letters(letters, write.between(7, 15));
    write.lookUp({time, client: desk, name, code: 'NXDOMAIN'});
    write.lookUp({time, client: desk, name: `${name}.office.example`, code: 'NXDOMAIN'});
  }
}

/** A filter asks block lists for the sender's address and for a hash of what came; a sender's domain may be made up. */
function incomingMail(write: NetworkWriter, time: Micros): void {
  const address = [write.between(1, 220), write.between(0, 255), write.between(0, 255), write.between(1, 254)];
  for (const list of ['zen.spamhaus.org', 'bl.spamcop.net', 'list.mail-watch.example'])
    write.lookUp({time, client: server, name: `${[...address].reverse().join('.')}.${list}`, code: 'NXDOMAIN'});
  const name = `${write.letters(hex, 40)}.hbl.spamhaus.org`;
  write.lookUp({time, client: server, name, code: 'NXDOMAIN'});
  write.lookUp({time, client: server, name: `${write.one(sites)}`, type: 'TXT'});
  const made = `${write.letters(letters, 9)}.example`;
  if (write.random() < 0.05) write.lookUp({time, client: server, name: made, type: 'MX', code: 'NXDOMAIN'});
}

function visitor(write: NetworkWriter, time: Micros): void {
  const sourceIp = `${write.between(11, 99)}.${write.between(0, 255)}.${write.between(0, 255)}.${write.between(1, 254)}`;
  const ends = {sourceIp, sourceMac: '24:a4:3c:00:00:01', destinationIp: server, destinationMac: macs.server};
  write.flow({
    time,
    ...ends,
    bytesOut: write.size(1_800, 0.8),
    bytesIn: write.size(90_000, 1.6),
    lasts: write.size(3 * second, 1),
  });
}

/** Reverse names of a day's visitors, and forward again. */
function logAnalyser(write: NetworkWriter, start: Micros): void {
  for (let visited = 0; visited < 600; visited++) {
    const time = start + visited * 150_000;
    const address = [write.between(1, 220), write.between(0, 255), write.between(0, 255), write.between(1, 254)];
    const code = write.random() < 0.5 ? 'NXDOMAIN' : 'NOERROR';
    write.lookUp({time, client: server, name: `${[...address].reverse().join('.')}.in-addr.arpa`, type: 'PTR', code});
    if (code === 'NOERROR')
      write.lookUp({
        time,
        client: server,
        name: `p${address.map(part => part.toString(16)).join('')}.dip.access-net.example`,
      });
  }
}

/** A scanner asks its maker with a hash of each program that is new to it. */
function virusScan(write: NetworkWriter, start: Micros): void {
  for (let program = 0; program < 150; program++)
    write.lookUp({time: start + program * second, client: desk, name: `${write.letters(hex, 32)}.avqs.mcafee.com`});
}

function nightlyBackup(write: NetworkWriter, time: Micros): void {
  for (const [sourceIp, sourceMac] of [
    [desk, macs.desk],
    [server, macs.server],
  ] as const) {
    const ends = {
      sourceIp,
      sourceMac,
      destinationIp: nas,
      destinationMac: macs.nas,
      destinationPort: 22,
      service: 'ssh',
    };
    write.flow({time, ...ends, bytesOut: write.size(8e9, 0.4), bytesIn: 4e6, lasts: 40 * minute});
  }
}
