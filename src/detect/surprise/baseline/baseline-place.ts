import {fileURLToPath} from 'node:url';

/** Where the program's own baseline is: `models/baseline.json` beside `dist`. */
export function baselinePath(): string {
  return fileURLToPath(new URL('../../../../../models/baseline.json', import.meta.url));
}
