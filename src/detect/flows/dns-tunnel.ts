import type {Settings} from '../../config/settings.ts';
import {day, hour} from '../../event/clock.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {hash32} from '../surprise/flows/hash.ts';
import {DistinctCount} from './distinct-count.ts';
import {type DnsQuestion, dnsQuestion} from './dns-question.ts';
import {bitsOf, looksGenerated} from './letter-pairs.ts';
import {subdomainOf} from './registrable.ts';
import {flowRules} from './rules.ts';
import type {Find, Watcher} from './watcher.ts';

const mostZones = 4_096;
const mostNamesOfZone = 2_048;
/** RITA counts subdomains of a day; what was quiet for long begins anew. */
const window = day;
const quiet = 6 * hour;

/** Queries of unusual types, with distinct names, that need no more names than these. */
const leastUnusual = 20;
/** Mean bits in the encoded part of a name: sixteen hexadecimal digits carry 64. */
const muchInName = 64;
const someInName = 40;

interface Zone {
  first: Micros;
  last: Micros;
  readonly names: DistinctCount;
  queries: number;
  unusual: number;
  /** Bits and characters of the encoded parts of distinct names. */
  bits: number;
  characters: number;
  encoded: number;
  longest: number;
  type: string;
}

/**
 * Data carried in the names of DNS queries: many different encoded names under one domain that one client asks for
 * (RITA's bands: 100, 500, 800, 1,000), or types that nothing but a tunnel asks for. Names that carry an address or a
 * list's key are look-ups of other kinds: reverse names, block lists, reputation services.
 */
export class DnsTunnel implements Watcher {
  readonly name = 'dns-tunnel';
  readonly #find: Find;
  readonly #least: number;
  readonly #zones = new SecondChanceMap<string, Zone>(mostZones);

  constructor(find: Find, settings: Pick<Settings['network'], 'tunnel_names'>) {
    this.#find = find;
    this.#least = settings.tunnel_names;
  }

  onRow(row: LogEvent, dataset: string): void {
    if (dataset !== 'dns') return;
    const question = dnsQuestion(row);
    if (!question) return;
    const {domain} = question;
    const below = subdomainOf(question.name, domain);
    if (below === '' || closedZones.has(domain) || carriesAddress(below)) return;
    const key = `${question.host}\0${question.client}\0${domain}`;
    const zone = this.#zoneOf(key, row.time);
    this.#count(zone, question, below);
    if (this.#isTunnel(zone)) this.#tell(zone, domain, question, row);
  }

  #isTunnel({names, unusual, encoded, bits}: Zone): boolean {
    const distinct = names.count;
    if (unusual >= leastUnusual && distinct >= leastUnusual) return true;
    if (distinct < this.#least || encoded * 2 < distinct) return false;
    const mean = bits / Math.max(1, encoded);
    return mean >= muchInName || (distinct >= 10 * this.#least && mean >= someInName);
  }

  #count(zone: Zone, {name, type}: DnsQuestion, below: string): void {
    zone.queries++;
    if (type !== '' && !usualTypes.has(type)) {
      zone.unusual++;
      zone.type = type;
    }
    if (zone.names.count >= mostNamesOfZone || !zone.names.add(hash32(name))) return;
    zone.longest = Math.max(zone.longest, name.length);
    const data = encodedPart(below);
    if (data === '') return;
    zone.encoded++;
    zone.bits += bitsOf(data);
    zone.characters += data.length;
  }

  #tell(zone: Zone, domain: string, {host, client}: DnsQuestion, row: LogEvent): void {
    const distinct = zone.names.count;
    const level: AlertLevel = distinct >= 5 * this.#least || zone.unusual >= leastUnusual ? 'high' : 'medium';
    const count = distinct >= mostNamesOfZone ? `more than ${distinct}` : String(distinct);
    const data = Math.round(zone.bits / 8);
    const unusual = zone.unusual > 0 ? `, ${zone.unusual} of them of type ${zone.type}` : '';
    this.#find({
      rule: flowRules.tunnel,
      level,
      time: row.time,
      host,
      entity: `${client} ${domain}`,
      event: row,
      reason: total =>
        `${client} asked for ${count} different names under ${domain} in ${zone.queries} queries${unusual}; ` +
        `what stands before it carries about ${data} bytes in names of up to ${zone.longest} characters` +
        `${total > 1 ? ` (${total} queries since this was first told)` : ''}. ` +
        `Usual are a few names that are asked for again.`,
      fields: {'dns.question.registered_domain': domain, 'dns.names': distinct, 'dns.queries': zone.queries},
    });
  }

  #zoneOf(key: string, time: Micros): Zone {
    const known = this.#zones.get(key);
    if (known && time - known.last <= quiet && time - known.first <= window) {
      known.last = Math.max(known.last, time);
      return known;
    }
    const zone = newZone(time);
    this.#zones.set(key, zone);
    return zone;
  }
}

function newZone(time: Micros): Zone {
  const counts = {queries: 0, unusual: 0, bits: 0, characters: 0, encoded: 0, longest: 0, type: ''};
  return {first: time, last: time, names: new DistinctCount(), ...counts};
}

/** The labels that read like encoded data, joined: payload fills labels, and words are no payload. */
function encodedPart(below: string): string {
  if (!below.includes('.')) return looksGenerated(below) ? below : '';
  return below.split('.').filter(looksGenerated).join('');
}

/** `4.3.2.1`, `ec2-1-2-3-4`, 32 nibbles: what is asked is about an address, as block lists and forward checks do. */
function carriesAddress(below: string): boolean {
  return /(?:^|[^0-9])(?:\d{1,3}[.-]){3}\d{1,3}(?:[^0-9]|$)/.test(below) || /(?:[0-9a-f]\.){16}/.test(below);
}

const usualTypes: ReadonlySet<string> = new Set([
  ...['A', 'AAAA', 'ANY', 'AXFR', 'CAA', 'CERT', 'CNAME', 'DNAME', 'DNSKEY', 'DS', 'HINFO', 'HTTPS', 'IXFR', 'LOC'],
  ...['MX', 'NAPTR', 'NS', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'OPENPGPKEY', 'OPT', 'PTR', 'RP', 'RRSIG', 'SMIMEA', 'SOA'],
  ...['SPF', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT', 'URI', '*', 'CDS', 'CDNSKEY', 'TYPE255', 'TYPE64', 'TYPE65'],
]);

/** Virus scanners, mail filters, telemetry and networks of copies, where a hash or a serial number in the name is usual. */
const closedZones: ReadonlySet<string> = new Set([
  ...[
    'spamhaus.org',
    'spamhaus.net',
    'surbl.org',
    'uribl.com',
    'dnswl.org',
    'spamcop.net',
    'sorbs.net',
    'mailspike.net',
  ],
  ...['barracudacentral.org', 'abuseat.org', 'dnsbl.info', 'cymru.com', 'senderscore.com', 'nixspam.net', 'rspamd.com'],
  ...['mcafee.com', 'sophosxl.net', 'sophosxl.com', 'trendmicro.com', 'e5.sk', 'eset.com', 'kaspersky-labs.com'],
  ...[
    'kaspersky.com',
    'avast.com',
    'avg.com',
    'bitdefender.net',
    'f-secure.com',
    'withsecure.com',
    'webrootcloudav.com',
  ],
  ...['paloaltonetworks.com', 'fortinet.com', 'opendns.com', 'umbrella.com', 'webcfs00.com', 'brightcloud.com'],
  ...['googlevideo.com', 'gvt1.com', 'gvt2.com', '1e100.net', 'akamai.net', 'akamaiedge.net', 'edgekey.net'],
  ...['edgesuite.net', 'akadns.net', 'akamaihd.net', 'fbcdn.net', 'nflxvideo.net', 'ytimg.com', 'llnwd.net'],
  ...['microsoft.com', 'office.com', 'office365.com', 'windows.com', 'apple.com', 'icloud.com', 'spotify.com'],
]);
