import {QueryError} from '../../../query/expression.ts';
import type {Condition, Step} from './condition.ts';
import {type FilterProgram, type Instruction, longestProgram, Op, programOf, wholePacket} from './program.ts';

/** A place to jump to; `at` is the index of its line once it is known. */
interface Label {
  at: number;
  /** What A holds on every way that leads here: undefined before the first way, '' where they differ. */
  holds: string | undefined;
}

type Line =
  | {readonly type: 'step'; readonly step: Step}
  | {readonly type: 'branch'; readonly code: number; readonly k: number; readonly yes: Label; readonly no: Label}
  | {readonly type: 'return'; readonly k: number};

/** Farthest that a conditional jump reaches, in instructions. */
const reach = 255;

/**
 * Turns a decision tree into a program that returns `wholePacket` where the tree holds and 0 where it does not. Terms are
 * decided from left to right and no further than needed. A value that A holds already is not loaded again. Throws a
 * QueryError where the program is too long for the kernel.
 */
export function assemble(condition: Condition): FilterProgram {
  const assembler = new Assembler();
  const accept = newLabel();
  const reject = newLabel();
  assembler.decide(condition, accept, reject);
  assembler.finish(accept, wholePacket);
  assembler.finish(reject, 0);
  return programOf(encode(assembler.lines));
}

class Assembler {
  readonly lines: Line[] = [];
  #holds = '';

  decide(condition: Condition, yes: Label, no: Label): void {
    switch (condition.type) {
      case 'and':
      case 'or': {
        const next = newLabel();
        const isAnd = condition.type === 'and';
        this.decide(condition.left, isAnd ? next : yes, isAnd ? no : next);
        this.#place(next);
        this.decide(condition.right, yes, no);
        return;
      }
      case 'not':
        this.decide(condition.term, no, yes);
        return;
      case 'always':
      case 'never':
        // A comparison that always falls the same way costs an instruction and keeps every other line as it is.
        this.#branch([{code: Op.loadConstant, k: 0}], Op.jumpEqual, condition.type === 'always' ? 0 : 1, yes, no);
        return;
      case 'test':
        this.#branch(condition.steps, condition.jump, condition.k, yes, no);
        return;
      default:
        condition satisfies never;
    }
  }

  finish(label: Label, k: number): void {
    this.#place(label);
    this.#add({type: 'return', k});
  }

  #branch(steps: readonly Step[], code: number, k: number, yes: Label, no: Label): void {
    const wanted = steps.map(step => `${step.code}:${step.k}`).join(' ');
    if (this.#holds !== wanted) for (const step of steps) this.#add({type: 'step', step});
    // Only plain loads are worth remembering: longer calculations also change X and the scratch memory.
    this.#holds = steps.length <= 2 ? wanted : '';
    this.#add({type: 'branch', code, k, yes, no});
    for (const label of [yes, no]) label.holds = label.holds === undefined ? this.#holds : common(label, this.#holds);
  }

  #place(label: Label): void {
    label.at = this.lines.length;
    this.#holds = label.holds ?? '';
  }

  #add(line: Line): void {
    if (this.lines.length >= longestProgram) throw tooLong();
    this.lines.push(line);
  }
}

function newLabel(): Label {
  return {at: -1, holds: undefined};
}

function common(label: Label, holds: string): string {
  return label.holds === holds ? holds : '';
}

/**
 * Gives every line its place. A branch farther than a conditional jump reaches goes through an unconditional one behind
 * it; each such detour moves what comes after, so this is repeated until nothing changes.
 */
function encode(lines: readonly Line[]): Instruction[] {
  const detours = lines.map(() => ({yes: false, no: false}));
  for (;;) {
    const places = placesOf(detours);
    if ((places[lines.length] ?? 0) > longestProgram) throw tooLong();
    if (!lengthen(lines, places, detours)) return lines.flatMap((line, i) => encoded(line, i, places, detours[i]));
  }
}

function placesOf(detours: readonly Detour[]): number[] {
  const places = [0];
  for (const {yes, no} of detours) places.push((places.at(-1) ?? 0) + 1 + Number(yes) + Number(no));
  return places;
}

interface Detour {
  yes: boolean;
  no: boolean;
}

/** Marks branches that do not reach; whether there were any. */
function lengthen(lines: readonly Line[], places: readonly number[], detours: readonly Detour[]): boolean {
  let changed = false;
  lines.forEach((line, i) => {
    const detour = detours[i];
    if (line.type !== 'branch' || !detour) return;
    for (const way of ['yes', 'no'] as const) {
      const distance = (places[line[way].at] ?? 0) - (places[i] ?? 0) - 1;
      if (distance <= reach || detour[way]) continue;
      detour[way] = true;
      changed = true;
    }
  });
  return changed;
}

function encoded(line: Line, i: number, places: readonly number[], detour: Detour | undefined): Instruction[] {
  if (line.type === 'step') return [{code: line.step.code, jt: 0, jf: 0, k: line.step.k >>> 0}];
  if (line.type === 'return') return [{code: Op.returnConstant, jt: 0, jf: 0, k: line.k}];
  const here = places[i] ?? 0;
  const place = (label: Label) => places[label.at] ?? 0;
  const yes = detour?.yes ? 0 : place(line.yes) - here - 1;
  const no = detour?.no ? Number(detour.yes) : place(line.no) - here - 1;
  const instructions = [{code: line.code, jt: yes, jf: no, k: line.k >>> 0}];
  for (const way of ['yes', 'no'] as const) {
    if (!detour?.[way]) continue;
    const behind = here + instructions.length;
    instructions.push({code: Op.jump, jt: 0, jf: 0, k: place(line[way]) - behind - 1});
  }
  return instructions;
}

function tooLong(): QueryError {
  return new QueryError(
    `Expected a filter of at most ${longestProgram} instructions, got more. Name blocks of addresses (net 10.0.0.0/8) or ranges of ports (portrange 8000-8100) instead of each.`,
    0,
  );
}
