import {macAt, macNumberText, parseAddress} from '../../capture/packets/decode/address.ts';
import type {DhcpFacts} from '../../capture/packets/decode/application/dhcp.ts';
import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {Settings} from '../../config/settings.ts';
import type {Micros} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import {packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const window = 60_000_000;
const mostClients = 4096;
const keptLinks = 256;
const mostServers = 16;

/** What a server tells its clients: what an attacker's must tell otherwise. */
interface Answers {
  readonly server: string;
  readonly router: string;
  readonly nameServer: string;
  readonly network: number;
}

interface Clients {
  first: Micros;
  told: number;
  readonly macs: Set<string>;
}

/**
 * DHCP servers that answer where another one does, and otherwise: a second of a pair that fails over gives the same
 * router, name server and network. And requests from ever new clients, which use up the addresses there are.
 */
export class DhcpDetector {
  readonly #findings: Findings;
  readonly #limit: number;
  /** Servers by link and relay. */
  readonly #servers = new BoundedMap<string, Answers[]>(keptLinks);
  readonly #clients = new BoundedMap<string, Clients>(keptLinks);

  constructor(findings: Findings, {dhcp_clients}: Pick<Settings['network'], 'dhcp_clients'>) {
    this.#findings = findings;
    this.#limit = dhcp_clients;
  }

  onApplication(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void {
    if (said.kind !== 'dhcp' || d.layersAround > 0) return;
    if (said.type === 'offer' || said.type === 'ack') this.#onAnswer(d, said, facts);
    else if (said.type === 'discover') this.#onDiscover(d, said, facts);
  }

  #onAnswer(d: Decoded, said: DhcpFacts, facts: InterfaceFacts): void {
    const answers = answersOf(d, said);
    // An answer to INFORM gives no address.
    if (answers.network === 0) return;
    const servers = this.#servers.getOrAdd(`${facts.name} ${d.vlan} ${said.relay}`, () => []);
    const [first] = servers;
    const known = servers.find(({server}) => server === answers.server);
    if (!known && servers.length < mostServers) servers.push(answers);
    if (!first || first.server === answers.server || !differ(first, answers)) return;
    const mac = d.sourceMac >= 0 ? ` (${macNumberText(macAt(d.bytes, d.sourceMac))})` : '';
    this.#findings.add({
      rule: networkRules.dhcpRogue,
      time: d.time,
      entity: answers.server,
      reason: total =>
        `${answers.server}${mac} gives out addresses on ${facts.name} with ${told(answers)}, where ${first.server} does with ${told(first)}${total === 1 ? '' : `; ${total} such answers so far`}.`,
      fields: packetFields(d, facts.name),
    });
  }

  #onDiscover(d: Decoded, said: DhcpFacts, facts: InterfaceFacts): void {
    const link = `${facts.name} ${d.vlan}`;
    const clients = this.#clients.getOrAdd(link, () => ({first: d.time, told: 0, macs: new Set<string>()}));
    if (Math.abs(d.time - clients.first) > window) {
      clients.macs.clear();
      clients.first = d.time;
      clients.told = 0;
    }
    if (clients.macs.size < mostClients) clients.macs.add(said.clientMac);
    const found = clients.macs.size;
    if (found < this.#limit || found === clients.told) return;
    const count = found - clients.told;
    clients.told = found;
    this.#findings.add({
      rule: networkRules.dhcpStarvation,
      time: d.time,
      entity: facts.name,
      count,
      reason: total =>
        `${total} clients, each with a MAC of its own, asked for an address on ${facts.name} within a minute.`,
      fields: packetFields(d, facts.name),
    });
  }
}

function answersOf(d: Decoded, said: DhcpFacts): Answers {
  const address = parseAddress(said.offeredAddress)?.words[3] ?? 0;
  const server = said.server === '' ? sourceText(d) : said.server;
  return {server, router: said.router, nameServer: said.nameServer, network: address & 0xffff0000};
}

/** An option that one of them leaves out says nothing. */
function differ(a: Answers, b: Answers): boolean {
  const isOther = (one: string, other: string) => one !== '' && other !== '' && one !== other;
  return isOther(a.router, b.router) || isOther(a.nameServer, b.nameServer) || a.network !== b.network;
}

function told({router, nameServer}: Answers): string {
  return `router ${router || 'none'} and name server ${nameServer || 'none'}`;
}
