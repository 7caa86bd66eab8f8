import {spawnSync} from 'node:child_process';
import type {FilterLink} from '../../src/capture/packets/bpf/layout.ts';
import {type FilterProgram, programOf} from '../../src/capture/packets/bpf/program.ts';

const names: Readonly<Record<FilterLink, string>> = {
  ethernet: 'EN10MB',
  raw: 'RAW',
  ipv4: 'IPV4',
  ipv6: 'IPV6',
  null: 'NULL',
  sll: 'LINUX_SLL',
  sll2: 'LINUX_SLL2',
};

/** libpcap's own program for a filter, optimised or as first generated, or its complaint. */
export function libpcapProgram(text: string, link: FilterLink, optimised: boolean): FilterProgram | string {
  const options = [...(optimised ? [] : ['-O']), '-ddd', '-y', names[link], '--', text];
  const {stdout, stderr} = spawnSync('tcpdump', options, {encoding: 'utf8'});
  if (stdout === '') {
    // The optimiser noticed that the program accepts nothing.
    return stderr.includes('rejects all packets') ? programOf([{code: 6, jt: 0, jf: 0, k: 0}]) : stderr.trim();
  }
  const lines = stdout.trim().split('\n').slice(1);
  return programOf(
    lines.map(line => {
      const [code = 0, jt = 0, jf = 0, k = 0] = line.split(' ').map(Number);
      return {code, jt, jf, k};
    }),
  );
}

/** How many packets of a capture tcpdump itself prints. */
export function tcpdumpCount(path: string, text: string): number {
  const {stdout} = spawnSync('tcpdump', ['-n', '-t', '--count', '-r', path, '--', text], {encoding: 'utf8'});
  return Number(/^(\d+) packet/m.exec(stdout)?.[1] ?? Number.NaN);
}
