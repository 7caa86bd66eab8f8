import type {Settings} from '../../config/settings.ts';
import {hour} from '../../event/clock.ts';
import type {LogEvent, Micros} from '../../event/event.ts';
import {SecondChanceMap} from '../second-chance-map.ts';
import {hash52} from '../surprise/flows/hash.ts';
import {dnsQuestion} from './dns-question.ts';
import {looksGenerated} from './letter-pairs.ts';
import {registeredLabel} from './registrable.ts';
import {flowRules} from './rules.ts';
import type {Find, Watcher} from './watcher.ts';

const mostClients = 2_048;
const mostDomains = 1_024;
const window = hour;
const examplesTold = 3;

interface Client {
  first: Micros;
  /** Domains that do not exist. */
  readonly missing: Set<number>;
  /** Of them, those whose name looks drawn. */
  generated: number;
  readonly examples: string[];
}

/**
 * Domain names that a program generates to find its master: within an hour many different registered names that do not
 * exist, most of them drawn letter by letter. Names below one domain are one, so that search suffixes and block lists
 * make none. Families that put dictionary words together are not seen by this.
 */
export class DnsDga implements Watcher {
  readonly name = 'dns-dga';
  readonly #find: Find;
  readonly #least: number;
  readonly #clients = new SecondChanceMap<string, Client>(mostClients);

  constructor(find: Find, settings: Pick<Settings['network'], 'dga_names'>) {
    this.#find = find;
    this.#least = settings.dga_names;
  }

  onRow(row: LogEvent, dataset: string): void {
    if (dataset !== 'dns') return;
    const question = dnsQuestion(row);
    if (question?.outcome !== 'NXDOMAIN') return;
    const {host, client, domain} = question;
    const state = this.#clientOf(`${host}\0${client}`, row.time);
    const before = state.missing.size;
    if (before >= mostDomains) return;
    state.missing.add(hash52(domain));
    if (state.missing.size === before || !looksDrawn(registeredLabel(domain))) return;
    state.generated++;
    state.examples.push(domain);
    if (state.examples.length > examplesTold) state.examples.shift();
    if (state.generated >= this.#least && state.generated * 2 >= state.missing.size)
      this.#tell(state, host, client, row);
  }

  #tell({generated, missing, examples, first}: Client, host: string, client: string, row: LogEvent): void {
    const minutes = Math.max(1, Math.ceil((row.time - first) / 60_000_000));
    const shown = examples.join(', ');
    this.#find({
      rule: flowRules.dga,
      level: generated >= 10 * this.#least ? 'high' : flowRules.dga.level,
      time: row.time,
      host,
      entity: client,
      event: row,
      reason: () =>
        `${client} asked for ${missing.size} domains that do not exist within ${minutes} min; ${generated} of them look ` +
        `generated (${shown}). A mistyped name now and then would be usual.`,
      fields: {'dns.names': missing.size, 'dns.generated': generated},
    });
  }

  #clientOf(key: string, time: Micros): Client {
    const known = this.#clients.get(key);
    if (known && time - known.first <= window) return known;
    const client: Client = {first: time, missing: new Set(), generated: 0, examples: []};
    this.#clients.set(key, client);
    return client;
  }
}

/** A label in another script is encoded, and looks so. */
function looksDrawn(label: string): boolean {
  return !label.startsWith('xn--') && looksGenerated(label);
}
