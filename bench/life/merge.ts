import type {LifeItem} from './item.ts';

/** Merges streams that are each in time order into one that is; of equal times the earlier stream goes first. */
export async function* inTimeOrder(streams: readonly AsyncGenerator<LifeItem>[]): AsyncGenerator<LifeItem> {
  const heads: {item: LifeItem; stream: AsyncGenerator<LifeItem>}[] = [];
  for (const stream of streams) {
    const first = await stream.next();
    if (!first.done) heads.push({item: first.value, stream});
  }
  while (heads.length > 0) {
    let earliest = 0;
    for (let at = 1; at < heads.length; at++) {
      if ((heads[at]?.item.at ?? 0) < (heads[earliest]?.item.at ?? 0)) earliest = at;
    }
    const head = heads[earliest];
    if (head === undefined) return;
    yield head.item;
    const next = await head.stream.next();
    if (next.done) heads.splice(earliest, 1);
    else head.item = next.value;
  }
}
