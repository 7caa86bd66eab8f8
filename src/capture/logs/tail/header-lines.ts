import {readHead} from '../../files/bytes.ts';
import {SourceError} from '../../source.ts';
import {isMissing} from './rotation.ts';

const longestHeader = 32 * 1024;

/**
 * The lines that begin with `#` at the beginning of a file, packed or not: they tell how all others are to be read, so
 * whoever goes on in the middle needs them. None where the file went or was replaced meanwhile: the next look finds that.
 */
export async function headerLines(path: string): Promise<readonly string[]> {
  try {
    const lines = (await readHead(path, longestHeader)).toString('utf8').split('\n');
    const end = lines.findIndex(line => !line.startsWith('#'));
    return end < 0 ? lines.slice(0, -1) : lines.slice(0, end);
  } catch (error) {
    if (isMissing(error) || error instanceof SourceError) return [];
    throw error;
  }
}
