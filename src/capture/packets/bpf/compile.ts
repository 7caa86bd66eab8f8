import {assemble} from './assemble.ts';
import {all, always, any, type Condition, equals, not} from './condition.ts';
import type {Filter} from './filter.ts';
import {generate} from './generate.ts';
import {type FilterLink, layoutOf} from './layout.ts';
import {parseFilter} from './parse.ts';
import {ancillary, type FilterProgram} from './program.ts';

/**
 * Compiles a filter in tcpdump's language (pcap-filter(7)) to classic BPF for packets of one link type. An empty text
 * accepts every packet. With `tagsTakenOut`, for a live socket of Linux: there the kernel takes a packet's first VLAN
 * tag out of its bytes before the filter sees it. Throws a QueryError that points at what is wrong.
 *
 * @example
 * const program = compileFilter('tcp port 443 and not host 192.0.2.1', 'ethernet');
 * runFilter(program, bytes, 0, bytes.length, bytes.length); // true or false
 */
export function compileFilter(text: string, link: FilterLink, tagsTakenOut = false): FilterProgram {
  const filter = parseFilter(text);
  if (!filter) return assemble(always);
  const asIs = generate(filter, layoutOf(link, false));
  if (!tagsTakenOut || !asksForTag(filter)) return assemble(asIs);
  const takenOut: Condition = equals(ancillary.vlanTagPresent, 2, 1);
  return assemble(any(all(takenOut, generate(filter, layoutOf(link, true))), all(not(takenOut), asIs)));
}

function asksForTag(filter: Filter): boolean {
  switch (filter.type) {
    case 'and':
    case 'or':
      return asksForTag(filter.left) || asksForTag(filter.right);
    case 'not':
      return asksForTag(filter.term);
    default:
      return filter.type === 'wrapping' && filter.wrapping === 'vlan';
  }
}
