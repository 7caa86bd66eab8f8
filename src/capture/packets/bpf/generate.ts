import {QueryError} from '../../../query/expression.ts';
import {all, always, any, anySet, atLeast, type Condition, equals, not} from './condition.ts';
import type {Filter, Wrapping} from './filter.ts';
import {addressIs, macIsAtDestination, needEthernet} from './generate-address.ts';
import {portIs} from './generate-port.ts';
import {protocolIs, protoNameIs, protoNumberIs} from './generate-protocol.ts';
import {relationHolds} from './generate-relation.ts';
import {type Layout, linkNames, within} from './layout.ts';
import {EtherType, payloadIs} from './link-type.ts';
import {ancillary, Op, packetOutgoing} from './program.ts';

const broadcast = [255, 255, 255, 255, 255, 255];
const largest: Readonly<Record<Wrapping, number>> = {vlan: 4095, mpls: 1_048_575, pppoes: 65_535};

/** Makes a filter into a decision tree for one link type. Throws a QueryError where the link type cannot answer it. */
export function generate(filter: Filter, layout: Layout): Condition {
  return new Generator(layout).condition(filter);
}

class Generator {
  #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  condition(filter: Filter): Condition {
    const layout = this.#layout;
    switch (filter.type) {
      case 'and':
      case 'or': {
        // From left to right: a vlan on the left shifts the right.
        const left = this.condition(filter.left);
        return {type: filter.type, left, right: this.condition(filter.right)};
      }
      case 'not':
        return not(this.condition(filter.term));
      case 'value':
        return valueIs(layout, filter);
      case 'protocol':
        return protocolIs(layout, filter.protocol, filter.at);
      case 'cast':
        return castIs(layout, filter);
      case 'relation':
        return relationHolds(layout, filter);
      case 'less':
        return not({type: 'test', steps: [{code: Op.loadLength, k: 0}], jump: Op.jumpGreater, k: filter.length});
      case 'greater':
        return {type: 'test', steps: [{code: Op.loadLength, k: 0}], jump: Op.jumpGreaterOrEqual, k: filter.length};
      case 'outgoing':
        return filter.wanted ? outgoing(layout) : not(outgoing(layout));
      case 'discovery':
        return payloadIs(layout, EtherType.pppoeDiscovery, filter.at);
      case 'wrapping':
        this.#layout = within(filter.wrapping, layout);
        return wrappedIn(layout, filter);
      default:
        return filter satisfies never;
    }
  }
}

function valueIs(layout: Layout, {qualifier, value, at}: Extract<Filter, {type: 'value'}>): Condition {
  switch (qualifier.kind) {
    case 'port':
    case 'portrange':
      return portIs(layout, qualifier, value, at);
    case 'proto':
      if (value.type === 'number') return protoNumberIs(layout, qualifier, value.number, at);
      if (value.type === 'name') return protoNameIs(layout, qualifier, value.text, at);
      throw new QueryError('Expected the number or name of a protocol, got an address.', at);
    case 'host':
    case 'net':
    case undefined:
      return addressIs(layout, qualifier, value, at);
    default:
      return qualifier.kind satisfies never;
  }
}

function castIs(layout: Layout, {protocol, cast, at}: Extract<Filter, {type: 'cast'}>): Condition {
  const {network} = layout;
  if (protocol === undefined || protocol === 'link') {
    needEthernet(layout, cast, at);
    return cast === 'broadcast' ? macIsAtDestination(layout, broadcast) : anySet(layout.header, 1, 1);
  }
  if (protocol === 'ip') {
    // The networks' own broadcast addresses are not known here: the general one, and the one of old BSDs.
    const toAll = any(equals(network + 16, 4, 0), equals(network + 16, 4, 0xffffffff));
    return all(payloadIs(layout, EtherType.ip, at), cast === 'broadcast' ? toAll : atLeast(network + 16, 1, 224));
  }
  if (protocol === 'ip6' && cast === 'multicast')
    return all(payloadIs(layout, EtherType.ip6, at), equals(network + 24, 1, 255));
  throw new QueryError(`Expected ether, ip${cast === 'multicast' ? ', ip6' : ''} before ${cast}, got ${protocol}.`, at);
}

/** Cooked captures say it in their header; of others only the kernel knows. */
function outgoing(layout: Layout): Condition {
  if (layout.link === 'sll') return equals(layout.header, 2, packetOutgoing);
  if (layout.link === 'sll2') return equals(layout.header + 10, 1, packetOutgoing);
  return equals(ancillary.packetType, 2, packetOutgoing);
}

function wrappedIn(layout: Layout, {wrapping, number, at}: Extract<Filter, {type: 'wrapping'}>): Condition {
  if (number !== undefined && number > largest[wrapping])
    throw new QueryError(`Expected a number of at most ${largest[wrapping]} after ${wrapping}, got ${number}.`, at);
  switch (wrapping) {
    case 'vlan':
      return tagged(layout, number, at);
    case 'mpls':
      return all(
        labelled(layout, at),
        number === undefined ? undefined : equals(layout.network, 4, number << 12, 0xfffff000),
      );
    case 'pppoes':
      return all(
        payloadIs(layout, EtherType.pppoeSession, at),
        number === undefined ? undefined : equals(layout.network, 4, number, 0xffff),
      );
    default:
      return wrapping satisfies never;
  }
}

function tagged(layout: Layout, number: number | undefined, at: number): Condition {
  if (layout.labels > 0) throw new QueryError('Expected vlan before mpls, got it after.', at);
  needEthernet(layout, 'vlan', at);
  if (layout.tagTakenOut) {
    // That there is a tag was asked before: see compile.ts.
    return number === undefined ? always : equals(ancillary.vlanTag, 2, number, 0xfff);
  }
  const {vlan, serviceVlan, oldServiceVlan} = EtherType;
  return all(
    any(...[vlan, serviceVlan, oldServiceVlan].map(type => payloadIs(layout, type, at))),
    number === undefined ? undefined : equals(layout.network, 2, number, 0xfff),
  );
}

/** The first label follows its Ethernet type, a further one a label that is not the last. */
function labelled(layout: Layout, at: number): Condition {
  if (layout.labels > 0) return equals(layout.network - 2, 1, 0, 1);
  if (layout.link === 'ppp') return equals(layout.type, 2, 0x281);
  if (layout.link === 'ethernet') return payloadIs(layout, EtherType.mpls, at);
  throw new QueryError(`Expected packets of Ethernet for mpls, got packets of ${linkNames[layout.link]}.`, at);
}
