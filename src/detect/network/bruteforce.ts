import {addressText} from '../../capture/packets/decode/address.ts';
import {type Decoded, IpProtocols} from '../../capture/packets/decode/decoded.ts';
import type {FlowRecord} from '../../capture/packets/flow-record.ts';
import type {Settings} from '../../config/settings.ts';
import type {FieldValue, Micros} from '../../event/event.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {Generations} from './generations.ts';
import {addressKey, destinationKey, mixed, sourceKey} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {networkRules} from './rules.ts';

const window = 300_000_000;
/** A login that fails has exchanged keys and little more; one that does something takes longer or moves more. */
const longestAttempt = 60_000_000;
const mostBytes = 6_144;
const leastAnswered = 200;
const encrypted: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [2222, 'SSH'],
  [3389, 'RDP'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
]);

interface Guesses {
  first: Micros;
  count: number;
  raised: number;
}

/**
 * Passwords that are tried: answers that refuse a login, of protocols that can be read, and many short sessions of one
 * client with one server of those that cannot. Within five minutes; about the client.
 */
export class BruteForceDetector {
  readonly #findings: Findings;
  readonly #limits: Pick<Settings['network'], 'login_failures' | 'login_sessions'>;
  readonly #guesses = new Generations<Guesses>(4096);

  constructor(findings: Findings, limits: Pick<Settings['network'], 'login_failures' | 'login_sessions'>) {
    this.#findings = findings;
    this.#limits = limits;
  }

  /** `d`: the server's answer. */
  onFailure(d: Decoded, service: string, facts: InterfaceFacts): void {
    const key = mixed(mixed(destinationKey(d), sourceKey(d)), d.sourcePort);
    const guesses = this.#count(key, d.time);
    if (guesses.count < this.#limits.login_failures) return;
    const [server, client] = [sourceText(d), destinationText(d)];
    const fields = {
      ...packetFields(d, facts.name),
      'source.ip': client,
      'source.port': d.destinationPort,
      'destination.ip': server,
      'destination.port': d.sourcePort,
    };
    this.#tell(
      guesses,
      d.time,
      client,
      fields,
      total => `${server} refused ${total} logins of ${client} by ${service}`,
    );
  }

  onFlow(flow: FlowRecord): void {
    if (!flow.ended || flow.protocol !== IpProtocols.tcp) return;
    const service = flow.service === 'ssh' ? 'SSH' : encrypted.get(flow.destinationPort);
    if (service === undefined || !isAttempt(flow)) return;
    const key = mixed(mixed(addressKey(flow, 0), addressKey(flow, 4)), flow.destinationPort);
    const guesses = this.#count(key, flow.time);
    if (guesses.count < this.#limits.login_sessions) return;
    const [client, server] = [text(flow, 0), text(flow, 4)];
    const fields = {
      'source.ip': client,
      'destination.ip': server,
      'destination.port': flow.destinationPort,
      'network.transport': 'tcp',
    };
    const bytes = flow.bytesIn + flow.bytesOut;
    this.#tell(guesses, flow.last, client, fields, total => {
      return `${client} began ${total} short ${service} sessions with ${server}, the last of ${bytes} bytes, as guessing passwords does`;
    });
  }

  #count(key: number, time: Micros): Guesses {
    let guesses = this.#guesses.get(key);
    if (!guesses || (guesses.raised === 0 && Math.abs(time - guesses.first) > window)) {
      guesses = {first: time, count: 0, raised: 0};
      this.#guesses.set(key, guesses);
    }
    guesses.count++;
    return guesses;
  }

  #tell(
    guesses: Guesses,
    time: Micros,
    entity: string,
    fields: Readonly<Record<string, FieldValue>>,
    words: (total: number) => string,
  ): void {
    const count = guesses.count - guesses.raised;
    guesses.raised = guesses.count;
    this.#findings.add({
      rule: networkRules.bruteforce,
      time,
      entity,
      cause: String(fields['destination.ip']),
      count,
      reason: total => `${words(total)}.`,
      fields,
    });
  }
}

/** Answered, short and small, and the client said something: a balancer that looks whether the port is open does not. */
function isAttempt(flow: FlowRecord): boolean {
  if (flow.state !== 'SF' && flow.state !== 'RSTO' && flow.state !== 'RSTR') return false;
  if (!flow.history.includes('D') || flow.bytesIn < leastAnswered) return false;
  return flow.bytesIn < mostBytes && flow.bytesOut < mostBytes && flow.last - flow.time < longestAttempt;
}

function text(flow: FlowRecord, at: number): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = flow.words.slice(at, at + 4);
  return addressText(flow.family, w0, w1, w2, w3);
}
