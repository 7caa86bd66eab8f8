import type {Origin} from '../../event/event.ts';
import {type FileContext, fileOrigin} from './file-format.ts';

/** More hosts than this in one file, and the origins are made anew: equal ones are equal to the store. */
const mostOrigins = 256;

/** One origin for each host and dataset of a file, shared by its events. */
export function originMaker(
  path: string,
  content: string,
  context: FileContext,
): (host: string | undefined, dataset: string) => Origin {
  const known = new Map<string, Origin>();
  return (host, dataset) => {
    const key = `${host ?? ''}\n${dataset}`;
    const found = known.get(key);
    if (found) return found;
    if (known.size >= mostOrigins) known.clear();
    const made = {...fileOrigin(path, content, dataset, context), host: host ?? context.host};
    known.set(key, made);
    return made;
  };
}
