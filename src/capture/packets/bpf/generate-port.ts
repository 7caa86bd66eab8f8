import {QueryError} from '../../../query/expression.ts';
import {all, any, anySet, type Condition, equals, loadAt, loadIndexed, not, type Step} from './condition.ts';
import type {Qualifier, Value} from './filter.ts';
import {towards} from './generate-address.ts';
import type {Layout} from './layout.ts';
import {EtherType, payloadIs} from './link-type.ts';
import {Op} from './program.ts';
import {portNames} from './words.ts';

type Transport = 'tcp' | 'udp' | 'sctp';

const numbers: Readonly<Record<Transport, number>> = {sctp: 132, tcp: 6, udp: 17};
/** All three transports begin with them. */
const offsets = {src: 0, dst: 2} as const;
/** Where a fragment's offset lies in its field; every but the first fragment has one, and no ports. */
const fragmentOffset = 0x1fff;

interface Ports {
  readonly low: number;
  readonly high: number;
  /** What is asked for, all three where nothing says which. */
  readonly transports: readonly Transport[];
}

/** A packet from or to a port, or ports of a range. Throws a QueryError where there is no such port. */
export function portIs(layout: Layout, qualifier: Qualifier, value: Value, at: number): Condition {
  const {protocol} = qualifier;
  if (protocol !== undefined && !Object.hasOwn(numbers, protocol))
    throw new QueryError(`Expected tcp, udp or sctp before ${qualifier.kind ?? 'port'}, got ${protocol}.`, at);
  const ports = portsOf(qualifier, value, at);
  return any(ip6PortIs(layout, qualifier, ports, at), ipPortIs(layout, qualifier, ports, at));
}

function ip6PortIs(layout: Layout, {direction}: Qualifier, ports: Ports, at: number): Condition {
  const {network} = layout;
  const end = towards(direction, which => inRange(ports, [loadAt(network + 40 + offsets[which], 2)]));
  return all(payloadIs(layout, EtherType.ip6, at), transportIs(network + 6, ports), end);
}

function ipPortIs(layout: Layout, {direction}: Qualifier, ports: Ports, at: number): Condition {
  const {network} = layout;
  const headerLength = {code: Op.loadXHeaderLength, k: network};
  const end = towards(direction, which => inRange(ports, [headerLength, loadIndexed(network + offsets[which], 2)]));
  const transport = transportIs(network + 9, ports);
  return all(payloadIs(layout, EtherType.ip, at), transport, notLaterFragment(layout), end);
}

function transportIs(offset: number, {transports}: Ports): Condition {
  return any(...transports.map(transport => equals(offset, 1, numbers[transport])));
}

/** No fragment, or the first of them. */
export function notLaterFragment(layout: Layout): Condition {
  return not(anySet(layout.network + 6, 2, fragmentOffset));
}

function inRange({low, high}: Ports, steps: readonly Step[]): Condition {
  if (low === high) return {type: 'test', steps, jump: Op.jumpEqual, k: low};
  return all(
    {type: 'test', steps, jump: Op.jumpGreaterOrEqual, k: low},
    not({type: 'test', steps, jump: Op.jumpGreater, k: high}),
  );
}

function portsOf(qualifier: Qualifier, value: Value, at: number): Ports {
  const asked = qualifier.protocol as Transport | undefined;
  const any: readonly Transport[] = asked ? [asked] : ['sctp', 'tcp', 'udp'];
  if (value.type === 'number') return {...rangeOf(value.number, value.number, at), transports: any};
  if (value.type !== 'name') throw new QueryError('Expected a port such as 443, got an address.', at);
  const [first, last] = qualifier.kind === 'portrange' ? endsOf(value.text, at) : [value.text, value.text];
  const low = portOf(first, asked, at);
  const high = portOf(last, asked, at);
  const same = low.transport === high.transport ? low.transport : undefined;
  return {...rangeOf(low.port, high.port, at), transports: asked || !same ? any : [same]};
}

function endsOf(text: string, at: number): readonly [string, string] {
  const ends = /^(.+)-([^-]+)$/.exec(text);
  const wholeName = portNames[text];
  if (!ends || wholeName) return [text, text];
  const [, first, last] = ends;
  if (first === undefined || last === undefined) throw unknownPort(text, at);
  return [first, last];
}

/** A named port that is registered for one transport is asked for with that alone. */
function portOf(
  text: string,
  asked: Transport | undefined,
  at: number,
): {readonly port: number; readonly transport: Transport | undefined} {
  if (/^\d+$/.test(text)) return {port: Number(text), transport: undefined};
  const named = Object.hasOwn(portNames, text) ? portNames[text] : undefined;
  if (!named) throw unknownPort(text, at);
  const {port, transports} = named;
  if (asked !== undefined && transports !== 'tcp udp' && transports !== asked)
    throw new QueryError(`Expected a port of ${asked}, got ${text}, which is one of ${transports}.`, at);
  return {port, transport: transports === 'tcp' || transports === 'udp' ? transports : undefined};
}

function rangeOf(first: number, last: number, at: number): Pick<Ports, 'low' | 'high'> {
  const largest = Math.max(first, last);
  if (largest > 65_535) throw new QueryError(`Expected a port of at most 65535, got ${largest}.`, at);
  return {low: Math.min(first, last), high: largest};
}

function unknownPort(text: string, at: number): QueryError {
  return new QueryError(`Expected a port's number or a name such as ssh, domain or https, got "${text}".`, at);
}
