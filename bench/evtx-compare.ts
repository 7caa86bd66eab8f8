import {spawnSync} from 'node:child_process';
import {eventTrees} from '../src/capture/files/evtx/event-trees.ts';
import {eventXml} from '../src/capture/files/evtx/event-xml.ts';
import {sanitize} from '../src/event/sanitize.ts';

export interface Comparison {
  readonly compared: number;
  readonly equal: number;
  /** Records that only one of the two reads. */
  readonly onlyHere: number;
  readonly onlyThere: number;
  /** The first difference of each record that has any. */
  readonly differences: readonly string[];
}

/** Compares all records of a log, field by field, with what evtxexport writes of them. */
export async function compareFile(path: string): Promise<Comparison> {
  const ours = new Map<string, string[]>();
  for await (const trees of eventTrees(path, {problem: () => {}})) {
    for (const tree of trees) add(ours, leaves(eventXml(tree)));
  }
  const theirs = new Map<string, string[]>();
  for (const text of exported(path)) add(theirs, leaves(text));
  const differences: string[] = [];
  let compared = 0;
  for (const [id, there] of theirs) {
    const here = ours.get(id);
    if (!here) continue;
    compared++;
    const difference = firstDifference(here, there);
    if (difference) differences.push(`record ${id}: ${difference}`);
  }
  return {
    compared,
    equal: compared - differences.length,
    onlyHere: [...ours.keys()].filter(id => !theirs.has(id)).length,
    onlyThere: [...theirs.keys()].filter(id => !ours.has(id)).length,
    differences,
  };
}

function exported(path: string): string[] {
  const {stdout} = spawnSync('evtxexport', ['-f', 'xml', path], {maxBuffer: 1 << 30, encoding: 'utf8'});
  return stdout.match(/<Event [\s\S]*?<\/Event>/g) ?? [];
}

function add(records: Map<string, string[]>, fields: string[]): void {
  const id = fields.find(field => field.startsWith('Event/System/EventRecordID='))?.split('=')[1] ?? '?';
  let key = id;
  for (let copy = 2; records.has(key); copy++) key = `${id} (${copy})`;
  records.set(key, fields);
}

/** Every attribute and text as `path=value`, in their order. */
function leaves(xml: string): string[] {
  const found: string[] = [];
  const path: string[] = [];
  for (const [, close, name = '', attributes = '', empty, text = ''] of xml.matchAll(
    /<(\/?)([^\s/>]+)((?:\s+[^\s=]+="[^"]*")*)\s*(\/?)>([^<]*)/g,
  )) {
    if (close) {
      path.pop();
      continue;
    }
    path.push(name);
    for (const [, key = '', value = ''] of attributes.matchAll(/([^\s=]+)="([^"]*)"/g)) {
      found.push(`${path.join('/')}@${key}=${plain(value)}`);
    }
    if (!empty && text.trim() !== '') found.push(`${path.join('/')}=${plain(text)}`);
    if (empty) path.pop();
  }
  return found;
}

const entities: Readonly<Record<string, string>> = {lt: '<', gt: '>', quot: '"', apos: "'", amp: '&'};

/** Hexadecimal numbers are filled up with zeros by one of the two; white space around text is indentation or not. */
function plain(text: string): string {
  const value = text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '');
  return /^0x[0-9a-f]+$/i.test(value) ? `0x${BigInt(value).toString(16)}` : sanitize(value);
}

function firstDifference(here: readonly string[], there: readonly string[]): string | undefined {
  for (let i = 0; i < Math.max(here.length, there.length); i++) {
    if (here[i] !== there[i]) return `here ${JSON.stringify(here[i])}, there ${JSON.stringify(there[i])}`;
  }
  return undefined;
}
