import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {removeTemporaryFolders, temporaryFolder} from './support/store-fixture.ts';

const built = (path: string) => pathToFileURL(join(process.cwd(), 'dist', 'src', path)).href;

// Writes until the disk is full, makes room, writes on, and opens the store again.
const program = `
  import {rmSync, writeFileSync} from 'node:fs';
  import {openWriter} from '${built('store/writer.js')}';
  import {emptyBatch} from '${built('store/sink.js')}';
  const [disk, engine] = process.argv.slice(-2);
  const settings = {engine, keep_days: 30, max_megabytes: 64, sqljs_megabytes: 64, synchronous: 'normal', full_text: true};
  const origin = {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset: 'd'};
  writeFileSync(disk + '/ballast', Buffer.alloc(4_000_000));
  const store = await openWriter(disk + '/data', settings);
  let next = 0;
  let code = '';
  const write = () => {
    const events = Array.from({length: 500}, (_, n) => ({kind: 'log', origin, position: next + n, time: 0, ingested: 0,
      level: 6, code: 0, provider: 'p', message: 'hello world '.repeat(20)}));
    next += store.write({...emptyBatch, events, positions: [{source: 's', position: {next: next + 500}}]}).stored;
  };
  while (code === '') try { write(); } catch (error) { code = error.code; }
  const atFull = next;
  rmSync(disk + '/ballast');
  write();
  store.close();
  const again = await openWriter(disk + '/data', settings);
  console.log(JSON.stringify({code, gained: next - atFull, missing: next - again.stats().logs,
    position: again.positions().get('s').next - next}));
  again.close();`;

afterEach(removeTemporaryFolders);

test.each(['auto', 'sql.js'])(
  'on a full disk engine %s stores nothing of a batch, and goes on when there is room',
  engine => {
    const disk = temporaryFolder();
    const script = `mount -t tmpfs -o size=8m tmpfs '${disk}' && exec '${process.execPath}' --input-type=module -e "$0" -- '${disk}' ${engine}`;
    const run = spawnSync('unshare', ['-m', 'sh', '-c', script, program], {encoding: 'utf8'});
    if (run.error || /unshare|mount/.test(run.stderr)) {
      console.warn('skipped: making a small disk needs root and unshare');
      return;
    }
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({code: 'full', gained: 500, missing: 0, position: 0});
  },
);
