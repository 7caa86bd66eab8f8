import {DropCounter} from '../drop-counter.ts';
import type {FileContext} from '../file-format.ts';
import {Chunk} from './chunk.ts';
import {DamageError} from './damage.ts';
import {eventTree, type XmlNode} from './event-tree.ts';
import {fileChunks} from './file-chunks.ts';
import {contentOf, recordsOf} from './records.ts';

/** All events of a log as trees, those of one chunk at a time: for what shows them as they are. */
export async function* eventTrees(
  path: string,
  context: Pick<FileContext, 'problem'>,
): AsyncGenerator<readonly (readonly XmlNode[])[]> {
  const drops = new DropCounter(context);
  const chunk = new Chunk();
  let number = 0;
  for await (const _ of fileChunks(path, chunk.bytes, damage => drops.add(damage, number + 1))) {
    chunk.changed();
    const trees: (readonly XmlNode[])[] = [];
    for (const place of recordsOf(chunk, damage => drops.add(damage, number + 1))) {
      number++;
      try {
        trees.push(eventTree(chunk, contentOf(chunk, place)));
      } catch (error) {
        if (!(error instanceof DamageError)) throw error;
        drops.add(error.damage, number);
      }
    }
    yield trees;
  }
}
