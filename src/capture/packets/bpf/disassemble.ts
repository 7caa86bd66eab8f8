import type {FilterProgram} from './program.ts';

/** A program as `tcpdump -ddd` prints it: the number of instructions, then code, jt, jf and k of each. */
export function disassemble({instructions}: FilterProgram): string {
  const lines = instructions.map(({code, jt, jf, k}) => `${code} ${jt} ${jf} ${k >>> 0}`);
  return `${instructions.length}\n${lines.join('\n')}\n`;
}
