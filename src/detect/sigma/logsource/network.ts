import type {LogEvent} from '../../../event/event.ts';
import type {RawFields} from './raw-fields.ts';
import {aliased, type FieldReader, type View} from './view.ts';

const addresses = {
  src_ip: 'source.ip',
  src_port: 'source.port',
  dst_ip: 'destination.ip',
  dst_port: 'destination.port',
  username: 'user.name',
};

export function view(
  name: string,
  parts: Partial<Pick<View, 'categories' | 'products' | 'services' | 'fields'>>,
): View {
  return {name, categories: [], products: [], services: [], constants: new Map(), fields: new Map(), ...parts};
}

/** A conversation that this program saw itself. */
export const flowView = view('flow', {
  categories: ['network', 'firewall'],
  services: ['connection', 'netflow', 'flow'],
  products: ['siem'],
  fields: aliased({...addresses, duration: 'event.duration'}),
});

const firewallLine = /(?:^|\s)SRC=(\S+) DST=(\S+)(?:[\s\S]*? PROTO=(\w+))?(?:[\s\S]*? SPT=(\d+) DPT=(\d+))?/;
const blocking = /\b(?:BLOCK|DROP|DENY|REJECT)(?:ED)?\b/i;

/** A line of the kernel's packet filter (`[UFW BLOCK] IN=eth0 … SRC=… DST=… DPT=22`): its fields, or undefined. */
export function readFirewallLine(event: LogEvent, raw: RawFields): boolean {
  if (event.provider !== 'kernel' || !event.message.includes('SRC=')) return false;
  const found = firewallLine.exec(event.message);
  if (!found) return false;
  const [, source = '', destination = '', protocol, sourcePort, port] = found;
  const isBlocked = blocking.test(event.message.slice(0, event.message.indexOf('SRC=')));
  raw.set('src_ip', source);
  raw.set('dst_ip', destination);
  if (protocol !== undefined) raw.set('protocol', protocol.toLowerCase());
  if (sourcePort !== undefined) raw.set('src_port', Number(sourcePort));
  if (port !== undefined) raw.set('dst_port', Number(port));
  raw.set('action', isBlocked ? 'block' : 'accept');
  raw.set('blocked', String(isBlocked));
  return true;
}

export const firewallView = view('linux firewall', {
  categories: ['firewall'],
  products: ['linux'],
  services: ['iptables'],
});

const ciscoForm = /(?:^|[\s:])%[A-Z][A-Z0-9_]{1,32}-[0-7]-[A-Z0-9_]{2,64}:/;
const ciscoRouter = view('cisco', {products: ['cisco'], services: ['syslog', 'aaa', 'bgp', 'ldp']});

/** A line in the form of Cisco's devices: `%SYS-5-CONFIG_I: Configured from console`. */
export function ciscoView(event: LogEvent): View | undefined {
  return event.message.includes('%') && ciscoForm.test(event.message) ? ciscoRouter : undefined;
}

/** Answers stand in one text with commas: rules ask for one of them. */
export const answers: FieldReader = raw => {
  const all = raw.get('dns.answers');
  if (typeof all !== 'string' || !all.includes(',')) return all;
  return [all, ...all.split(', ')];
};

const dnsView = view('dns', {
  categories: ['dns', 'network'],
  services: ['dns'],
  fields: new Map([
    ...aliased({...addresses, query: 'dns.question.name', record_type: 'dns.question.type'}),
    ['answer', (raw, event) => raw.get('answer') ?? raw.get('dns.answers.data') ?? answers(raw, event)],
  ]),
});

/** A look-up under ECS names, whoever logged it. */
export function dnsLookup(raw: RawFields): View | undefined {
  return raw.has('dns.question.name') ? dnsView : undefined;
}

const firewallRecord = view('firewall', {
  categories: ['firewall'],
  fields: new Map([...aliased({...addresses, action: 'event.action', protocol: 'network.transport'})]),
});

/** A firewall's entry under ECS names. */
export function firewallEntry(event: LogEvent, raw: RawFields): View | undefined {
  const isFirewall = /firewall|fortigate|paloalto|pfsense|asa\b/.test(event.origin.dataset.toLowerCase());
  return isFirewall && raw.has('destination.ip') ? firewallRecord : undefined;
}
