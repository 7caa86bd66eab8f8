import {filterProblem} from '../capture/packets/bpf/filter-problem.ts';
import {UsageError} from './failure.ts';

/** The text of --filter, or of the configuration where it is not given. Throws a UsageError that shows what is wrong. */
export function checkedFilter(given: string | undefined, configured: string): string {
  const text = given ?? configured;
  const problem = filterProblem(text);
  if (problem === undefined) return text;
  const where = given === undefined ? 'filter in [capture]' : '--filter';
  throw new UsageError(`Expected ${where} to be a filter as tcpdump takes it (man pcap-filter).\n${problem}`);
}
