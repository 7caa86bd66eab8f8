import {QueryError} from '../../../query/expression.ts';
import type {Direction, Filter, Kind, Protocol, Qualifier, Relation, Value, Wrapping} from './filter.ts';
import {parseArithmetic} from './parse-arithmetic.ts';
import {parseValue} from './parse-value.ts';
import {tokenize} from './token.ts';
import {TokenStream} from './token-stream.ts';
import {protocolOf} from './words.ts';

/** What a filter may begin with. */
const something = 'something such as host, net, port, tcp or not';

/**
 * Reads a filter as tcpdump does (pcap-filter(7)): `and` and `or` bind equally and from the left, `not` binds to the one
 * condition after it, and qualifiers hold on (`port 80 or 443`). Undefined for an empty text. Throws a QueryError that
 * says what was expected and points at what was found.
 */
export function parseFilter(text: string): Filter | undefined {
  const tokens = new TokenStream(tokenize(text));
  if (tokens.atEnd) return undefined;
  const filter = new FilterParser(tokens).expression();
  if (!tokens.atEnd) throw tokens.wrong('and, or, or the end');
  return filter;
}

class FilterParser {
  readonly #tokens: TokenStream;
  /** Qualifiers of the value read last; none after a condition without. */
  #last: Qualifier | undefined;

  constructor(tokens: TokenStream) {
    this.#tokens = tokens;
  }

  expression(): Filter {
    return this.#joined(this.#term(), () => (this.#tokens.startsValue() ? this.#sameKind() : this.#term()));
  }

  #joined(first: Filter, next: () => Filter): Filter {
    let left = first;
    for (;;) {
      const word = this.#tokens.accept('and', '&&', 'or', '||');
      if (word === undefined) return left;
      left = {type: word === 'and' || word === '&&' ? 'and' : 'or', left, right: next()};
    }
  }

  #sameKind(): Filter {
    const {at} = this.#tokens.next;
    if (this.#last) return this.#value(this.#last);
    throw new QueryError(
      `Expected host, net or port before ${JSON.stringify(String(this.#found()))}: nothing before it says what it is.`,
      at,
    );
  }

  #found(): string | number {
    const {next} = this.#tokens;
    if (next.type === 'number') return next.number;
    return next.type === 'end' ? '' : next.text;
  }

  /** One value or, in parentheses, several, all with the same qualifiers. */
  #value(qualifier: Qualifier): Filter {
    const tokens = this.#tokens;
    if (tokens.accept('not', '!') !== undefined) {
      return {type: 'not', term: tokens.deeper(() => this.#value(qualifier))};
    }
    if (tokens.accept('(') !== undefined) {
      const inner = tokens.deeper(() => this.#joined(this.#value(qualifier), () => this.#value(qualifier)));
      tokens.expect(')', 'and, or, or a closing )');
      return inner;
    }
    const {at} = tokens.next;
    const value: Value = parseValue(tokens, qualifier);
    this.#last = qualifier;
    return {type: 'value', qualifier, value, at};
  }

  #term(): Filter {
    const tokens = this.#tokens;
    if (tokens.accept('not', '!') !== undefined) return {type: 'not', term: tokens.deeper(() => this.#term())};
    if (tokens.opensNumber()) return this.#relation();
    if (tokens.accept('(') !== undefined) {
      const inner = tokens.deeper(() => this.expression());
      tokens.expect(')', 'and, or, or a closing )');
      return inner;
    }
    this.#last = undefined;
    return this.#primitive();
  }

  #primitive(): Filter {
    const tokens = this.#tokens;
    const {next} = tokens;
    if (next.type === 'number' || tokens.comes('-') || tokens.comes('len') || tokens.comes('length'))
      return this.#relation();
    if (next.type !== 'word') throw tokens.wrong(something);
    const protocol = protocolOf(next.text);
    if (!protocol) return this.#withoutProtocol(next.text, next.at);
    if (tokens.comes(next.text, '[')) return this.#relation();
    tokens.take();
    return this.#qualified(protocol, next.at);
  }

  #withoutProtocol(word: string, at: number): Filter {
    const tokens = this.#tokens;
    switch (word) {
      case 'less':
      case 'greater':
        tokens.take();
        return {type: word, length: this.#length()};
      case 'inbound':
      case 'outbound':
        tokens.take();
        return {type: 'outgoing', wanted: word === 'outbound'};
      case 'vlan':
      case 'mpls':
      case 'pppoes':
        tokens.take();
        return this.#wrapping(word, at);
      case 'pppoed':
        tokens.take();
        return {type: 'discovery', at};
      default:
        return this.#qualified(undefined, at);
    }
  }

  #relation(): Filter {
    this.#last = undefined;
    const left = parseArithmetic(this.#tokens);
    const sign = this.#tokens.accept('=', '==', '!=', '<', '<=', '>', '>=');
    if (sign === undefined) throw this.#tokens.wrong('a comparison with = != < <= > or >=');
    const relation = (sign === '==' ? '=' : sign) as Relation;
    return {type: 'relation', relation, left, right: parseArithmetic(this.#tokens)};
  }

  #length(): number {
    const {next} = this.#tokens;
    if (next.type !== 'number') throw this.#tokens.wrong('a length in bytes');
    this.#tokens.take();
    return next.number;
  }

  #wrapping(wrapping: Wrapping, at: number): Filter {
    const number = this.#optionalNumber();
    return {type: 'wrapping', wrapping, at, ...(number === undefined ? undefined : {number})};
  }

  #optionalNumber(): number | undefined {
    const tokens = this.#tokens;
    if (tokens.next.type === 'number') return this.#length();
    if (tokens.accept('(') === undefined) return undefined;
    const inner = tokens.deeper(() => this.#optionalNumber());
    if (inner === undefined) throw tokens.wrong('a number');
    tokens.expect(')', 'a closing )');
    return inner;
  }

  /** After the protocol, where there is one: `broadcast`, or qualifiers and a value, or nothing more. */
  #qualified(protocol: Protocol | undefined, at: number): Filter {
    const tokens = this.#tokens;
    const named = protocol && {protocol};
    const cast = tokens.accept('broadcast', 'multicast') as 'broadcast' | 'multicast' | undefined;
    if (cast !== undefined) return {type: 'cast', cast, at, ...named};
    this.#refuseUnsupported();
    if (tokens.accept('proto') !== undefined) return this.#value({...named, kind: 'proto'});
    const direction = this.#direction();
    this.#refuseUnsupported();
    const kind = tokens.accept('host', 'net', 'port', 'portrange') as Kind | undefined;
    if (direction === undefined && kind === undefined) {
      if (protocol) return {type: 'protocol', protocol, at};
      throw tokens.wrong(something);
    }
    return this.#value({...named, ...(direction && {direction}), ...(kind && {kind})});
  }

  #direction(): Direction | undefined {
    const tokens = this.#tokens;
    const first = tokens.accept('src', 'dst') as 'src' | 'dst' | undefined;
    if (first === undefined) return undefined;
    const other = first === 'src' ? 'dst' : 'src';
    for (const word of ['and', '&&', 'or', '||']) {
      if (!tokens.comes(word, other)) continue;
      tokens.accept(word);
      tokens.accept(other);
      return word === 'and' || word === '&&' ? 'both' : 'either';
    }
    return first;
  }

  #refuseUnsupported(): void {
    const tokens = this.#tokens;
    if (tokens.comes('protochain'))
      throw tokens.wrong('proto (protochain needs a program with loops, which the kernel refuses)');
    if (tokens.comes('gateway'))
      throw tokens.wrong("ether host and the gateway's MAC address (names of gateways are not looked up)");
  }
}
