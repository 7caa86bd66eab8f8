import {closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {isoTime} from '../../src/event/ecs.ts';
import type {LifeItem} from './item.ts';
import type {GeneratedWeek} from './week.ts';

/** First and last of a run of lines, counted from 1. */
export type Range = [first: number, last: number];

/** Writes a week to FOLDER/NAME in the form that `read-week.ts` reads; what was there of that name goes. */
export function writeWeek(week: GeneratedWeek, folder: string): void {
  const root = join(folder, week.name);
  rmSync(root, {recursive: true, force: true});
  mkdirSync(join(root, 'logs'), {recursive: true});
  const files = new Files(root);
  try {
    for (const item of week.items) files.write(item);
  } finally {
    files.close();
  }
  const phases = week.phases.map(({from, to, ...rest}, index) => ({
    ...rest,
    from: isoTime(from),
    to: isoTime(to),
    lines: files.rangesUnder('logs/', index),
    flows: files.ranges('flows.ndjson', index),
  }));
  const {host, address, from, to, learnUntil} = week;
  const about = {host, address, from: isoTime(from), learnUntil: isoTime(learnUntil), to: isoTime(to)};
  // A line each for what a person reads; the ranges of a phase can be thousands.
  const head = JSON.stringify(about).slice(0, -1);
  const rows = phases.map(phase => JSON.stringify(phase)).join(',\n');
  writeFileSync(join(root, 'phases.json'), `${head},\n"phases":[\n${rows}\n]}\n`);
}

interface OpenFile {
  readonly descriptor: number;
  lines: number;
  waiting: string[];
  readonly byPhase: Map<number, Range[]>;
}

const mostWaiting = 2_000;

class Files {
  readonly #root: string;
  readonly #open = new Map<string, OpenFile>();

  constructor(root: string) {
    this.#root = root;
  }

  write(item: LifeItem): void {
    const [name, text] = placeOf(item);
    this.#append(name, text, item.phase);
  }

  ranges(name: string, phase: number): readonly Range[] {
    return this.#open.get(name)?.byPhase.get(phase) ?? [];
  }

  rangesUnder(folder: string, phase: number): Record<string, readonly Range[]> {
    const names = [...this.#open.keys()].filter(name => name.startsWith(folder) && this.ranges(name, phase).length > 0);
    return Object.fromEntries(names.map(name => [name.slice(folder.length), this.ranges(name, phase)]));
  }

  close(): void {
    for (const file of this.#open.values()) {
      flush(file);
      closeSync(file.descriptor);
    }
  }

  #append(name: string, text: string, phase: number): void {
    const file = this.#open.get(name) ?? this.#create(name);
    file.waiting.push(text);
    file.lines++;
    if (file.waiting.length >= mostWaiting) flush(file);
    if (phase >= 0) extend(file, phase);
  }

  #create(name: string): OpenFile {
    const path = join(this.#root, name);
    mkdirSync(dirname(path), {recursive: true});
    const made: OpenFile = {descriptor: openSync(path, 'w'), lines: 0, waiting: [], byPhase: new Map()};
    this.#open.set(name, made);
    return made;
  }
}

function placeOf(item: LifeItem): [file: string, text: string] {
  switch (item.kind) {
    case 'line':
      return [`logs/${item.file}`, item.text];
    case 'flow':
      return ['flows.ndjson', JSON.stringify({at: item.at, ...item.flow})];
    case 'metric':
      return ['metrics.ndjson', JSON.stringify(item.metric)];
    default:
      return item satisfies never;
  }
}

function extend(file: OpenFile, phase: number): void {
  const ranges = file.byPhase.get(phase) ?? [];
  file.byPhase.set(phase, ranges);
  const last = ranges.at(-1);
  if (last && last[1] === file.lines - 1) last[1] = file.lines;
  else ranges.push([file.lines, file.lines]);
}

function flush(file: OpenFile): void {
  if (file.waiting.length > 0) writeSync(file.descriptor, `${file.waiting.join('\n')}\n`);
  file.waiting = [];
}
