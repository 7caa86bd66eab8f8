// Draws the screen as docs/screen.svg, from the real program in a real pty (made by script(1)), so that the picture is
// never older than the screen. Options: --size 160x44, --seconds 12 (how long to let it run), --keys "2 j enter" (then
// typed), --out FILE, --stream FILE (draw these bytes instead of running anything), -- COMMAND… (instead of
// `siem monitor --demo`).
import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {screenSvg} from './screen-svg.ts';
import {background, cellsOf} from './terminal-cells.ts';

const keyBytes: Readonly<Record<string, string>> = {enter: '\r', tab: '\t', space: ' ', escape: '\x1b'};
const root = fileURLToPath(new URL('../..', import.meta.url));
const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    size: {type: 'string', default: '160x44'},
    seconds: {type: 'string', default: '12'},
    keys: {type: 'string', default: ''},
    out: {type: 'string', default: join(root, 'docs', 'screen.svg')},
    stream: {type: 'string'},
  },
});
const [columns = 160, rows = 44] = values.size.split('x').map(Number);
const bytes = values.stream === undefined ? await recorded() : readFileSync(values.stream, 'utf8');
mkdirSync(dirname(values.out), {recursive: true});
writeFileSync(values.out, screenSvg(await cellsOf(bytes, columns, rows), background));
process.stderr.write(`${values.out}\n`);

/** All that the program wrote up to the moment of the picture. */
async function recorded(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'siem-screenshot-'));
  const command =
    positionals.length > 0
      ? positionals
      : [process.execPath, join(root, 'bin', 'launch.mjs'), 'monitor', '--demo', '--data-dir', folder];
  const line = `stty rows ${rows} cols ${columns}; exec ${command.map(quoted).join(' ')}`;
  const child = spawn('script', ['-qefc', line, '/dev/null'], {env: environment()});
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('close', () => resolve());
    child.once('error', error => reject(new Error(`Expected script(1) of util-linux, got: ${error.message}`)));
  });
  await Promise.race([pause(Number(values.seconds) * 1000), ended]);
  for (const key of values.keys.split(' ').filter(name => name !== '')) {
    child.stdin.write(keyBytes[key] ?? key);
    await pause(300);
  }
  const shown = text;
  child.stdin.write('q');
  await Promise.race([pause(5_000), ended]);
  child.kill();
  rmSync(folder, {recursive: true, force: true});
  return shown;
}

function environment(): NodeJS.ProcessEnv {
  const {NO_COLOR: _, ...rest} = process.env;
  return {...rest, TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8'};
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Does not keep this program alive: the one it pictures does, as long as it runs. */
function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds).unref());
}
