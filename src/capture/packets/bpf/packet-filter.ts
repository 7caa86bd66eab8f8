import {QueryError} from '../../../query/expression.ts';
import type {LinkKind, RawPacket} from '../backend.ts';
import {compileFilter} from './compile.ts';
import {type FilterLink, filterLinks} from './layout.ts';
import type {FilterProgram} from './program.ts';
import {runFilter} from './run.ts';

/** A filter over packets of whatever link types come, compiled for each when its first packet comes. */
export class PacketFilter {
  readonly #text: string;
  readonly #programs = new Map<LinkKind, FilterProgram>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Throws a QueryError where packets of this link type cannot be asked what the filter asks. */
  accepts(packet: RawPacket): boolean {
    let program = this.#programs.get(packet.link);
    if (!program) {
      program = compileFilter(this.#text, filterLinkOf(packet.link), true);
      this.#programs.set(packet.link, program);
    }
    return runFilter(program, packet.bytes, packet.start, packet.end, packet.wire, packet);
  }
}

function filterLinkOf(link: LinkKind): FilterLink {
  // Packets without their link header begin at the network layer.
  if (link === 'network') return 'raw';
  const found = filterLinks.find(candidate => candidate === link);
  if (found) return found;
  throw new QueryError(
    `Expected packets of Ethernet, raw IP, BSD loopback or a Linux cooked capture to filter, got packets of the link type ${link}.`,
    0,
  );
}
