import type {ApplicationFacts} from '../../capture/packets/decode/application.ts';
import type {Decoded} from '../../capture/packets/decode/decoded.ts';
import type {Micros} from '../../event/event.ts';
import type {BruteForceDetector} from './bruteforce.ts';
import {destinationText, packetFields, sourceText} from './fields.ts';
import type {Findings} from './findings.ts';
import {Generations} from './generations.ts';
import {destinationKey, mixed, sourceKey} from './hash.ts';
import type {InterfaceFacts} from './interface-facts.ts';
import {asksForPassword, basicUser, isLoginFailure, loginMessage, snmpCommunity} from './login-messages.ts';
import {type LoginService, loginServiceAt, loginServices} from './login-ports.ts';
import {networkRules} from './rules.ts';

const day = 86_400_000_000;
const snmp = 161;
const snmpTrap = 162;
const http = 1000;

/** What is known of a connection that someone logs in on. */
interface Session {
  user: string;
  asked: boolean;
}

/**
 * Logins that go by in clear text: told once a day for each client, server and protocol. Of the password nothing is
 * kept, of the user the name. What servers refuse goes to the detector of guessing.
 */
export class LoginDetector {
  readonly #findings: Findings;
  readonly #guesses: BruteForceDetector;
  readonly #told = new Generations<Micros>(8192);
  readonly #sessions = new Generations<Session>(2048);

  constructor(findings: Findings, guesses: BruteForceDetector) {
    this.#findings = findings;
    this.#guesses = guesses;
  }

  /** Asked of each segment that carries something. */
  onTcp(d: Decoded, facts: InterfaceFacts): void {
    // What stays on the machine is seen by nobody else.
    if (facts.loopback) return;
    const asked = loginServiceAt(d.destinationPort);
    const answering = asked === 0 ? loginServiceAt(d.sourcePort) : 0;
    if (asked > 0) this.#onClient(d, facts, loginServices[asked] ?? '');
    else if (answering > 0) this.#onServer(d, facts, loginServices[answering] ?? '');
  }

  onUdp(d: Decoded, facts: InterfaceFacts): void {
    if ((d.destinationPort !== snmp && d.destinationPort !== snmpTrap) || facts.loopback) return;
    if (d.payload < 0 || this.#isTold(d, snmp)) return;
    const community = snmpCommunity(d.bytes, d.payload, d.payloadEnd);
    if (community !== 'none') this.#tell(d, facts, snmp, 'SNMP', '', community === 'public' ? 'informational' : 'low');
  }

  onApplication(d: Decoded, said: ApplicationFacts, facts: InterfaceFacts): void {
    if (facts.loopback) return;
    if (said.kind === 'http-request') this.#onHttp(d, said.authorization, facts);
    else if (said.kind === 'http-response' && said.status === 401) {
      const session = this.#sessions.get(connection(d, false));
      if (session?.asked) this.#guesses.onFailure(d, 'HTTP', facts);
    }
  }

  #onHttp(d: Decoded, authorization: string, facts: InterfaceFacts): void {
    // NTLM and Negotiate are refused once before they go through.
    if (authorization !== 'basic' && authorization !== 'digest') return;
    this.#sessions.set(connection(d, true), {user: '', asked: true});
    if (authorization !== 'basic' || this.#isTold(d, http)) return;
    this.#tell(d, facts, http, 'HTTP Basic', basicUser(d.bytes, d.payload, d.payloadEnd));
  }

  #onClient(d: Decoded, facts: InterfaceFacts, service: LoginService): void {
    if (service === 'Telnet') {
      const session = this.#sessions.get(connection(d, true));
      if (!session?.asked) return;
      session.asked = false;
      if (!this.#isTold(d, d.destinationPort)) this.#tell(d, facts, d.destinationPort, service, '');
      return;
    }
    const message = loginMessage(service, d.bytes, d.payload, d.payloadEnd);
    if (!message) return;
    if (!message.password) {
      this.#sessions.set(connection(d, true), {user: message.user, asked: false});
      return;
    }
    if (this.#isTold(d, d.destinationPort)) return;
    const user = message.user === '' ? (this.#sessions.get(connection(d, true))?.user ?? '') : message.user;
    // No secret: anyone may come in as these.
    if (service === 'FTP' && /^(?:anonymous|ftp)$/i.test(user)) return;
    this.#tell(d, facts, d.destinationPort, service, user);
  }

  #onServer(d: Decoded, facts: InterfaceFacts, service: LoginService): void {
    if (service === 'Telnet' && asksForPassword(d.bytes, d.payload, d.payloadEnd)) {
      this.#sessions.set(connection(d, false), {user: '', asked: true});
    } else if (isLoginFailure(service, d.bytes, d.payload, d.payloadEnd)) this.#guesses.onFailure(d, service, facts);
  }

  #isTold(d: Decoded, protocol: number): boolean {
    const at = this.#told.get(pair(d, protocol));
    return at !== undefined && Math.abs(d.time - at) < day;
  }

  #tell(
    d: Decoded,
    facts: InterfaceFacts,
    protocol: number,
    service: string,
    user: string,
    level?: 'informational' | 'low',
  ): void {
    this.#told.set(pair(d, protocol), d.time);
    const [client, server] = [sourceText(d), destinationText(d)];
    const what = service === 'SNMP' ? `a community${level === 'informational' ? ' (public)' : ''}` : 'a password';
    const fields = {...packetFields(d, facts.name), ...(user !== '' && {'user.name': user})};
    this.#findings.add({
      rule: networkRules.credentials,
      ...(level && {level}),
      time: d.time,
      entity: client,
      cause: `${server} ${service}`,
      reason: () =>
        `${client} sent ${server} ${what} in clear text by ${service}${user === '' ? '' : `, as user ${user}`}: whoever sees the packets can read it.`,
      fields,
    });
  }
}

function pair(d: Decoded, protocol: number): number {
  return mixed(mixed(sourceKey(d), destinationKey(d)), protocol);
}

/** The connection by its client's side, whoever sent this packet. */
function connection(d: Decoded, isClient: boolean): number {
  const [client, server] = isClient ? [sourceKey(d), destinationKey(d)] : [destinationKey(d), sourceKey(d)];
  return mixed(mixed(client, server), isClient ? d.sourcePort : d.destinationPort);
}
