import {appendFileSync, readdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {cleanUp, configure, logLine, monitor, query, siem, stop, until, workFolder} from './support/siem.ts';

// Escape, a C1 control, a right-to-left override and a bell: what could redraw or disguise a terminal's text.
const hostile = '\u001b[2J\u001b]0;title\u0007 \u009b31m \u202egnp.exe';
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

afterEach(cleanUp);

test.each(['auto', 'sql.js'])('engine %s: what is stored is for its owner alone', async engine => {
  const {dataDir, file} = machine({store: {engine}});
  const run = await monitor(dataDir);
  logLine(file, 'a secret');
  await until('it is stored', async () => (await query(dataDir, 'secret')).length);
  const open = modes(dataDir);
  await stop(run);
  for (const [path, mode] of [...open, ...modes(dataDir)]) expect(`${path} ${mode}`).toBe(`${path} private`);
  expect(open.length).toBeGreaterThan(3);
});

test('nothing that a log line holds reaches the terminal as a control character', async () => {
  const {dataDir, file} = machine();
  const run = await monitor(dataDir);
  appendFileSync(file, `${new Date().toISOString()} web1 app[7]: ${hostile} marked\n`);
  for (let attempt = 0; attempt < 8; attempt++) {
    logLine(file, `Failed password for ${hostile} from 198.51.100.7 port ${attempt} ssh2`, 'sshd');
  }
  await until('the alert is told', () => run.out().includes('ALERT'));
  const {out, err} = await stop(run);
  expect(out + err).not.toMatch(controls);
  for (const form of ['table', 'ndjson', 'csv']) {
    for (const kind of ['logs', 'alerts']) {
      const shown = await siem(['query', '--data-dir', dataDir, '-k', kind, '-o', form]).ended;
      expect(shown.status).toBe(0);
      expect(shown.out.replaceAll('\r\n', '\n')).not.toMatch(controls);
    }
  }
  const once = await siem(['monitor', '--once', '--data-dir', dataDir]).ended;
  expect(once.out).toContain('Newest alerts (1');
  expect(once.out).not.toMatch(controls);
  const [row] = await query(dataDir, 'marked');
  expect(row?.message).toContain('␛[2J␛]0;title');
});

function machine(sections = {}) {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'app.log');
  writeFileSync(file, '');
  configure(dataDir, {monitor: {sources: `file:${file}`}, ...sections});
  return {dataDir, file};
}

/** All that the program made below a folder, the folder itself too; the test's own configuration is left out. */
function modes(folder: string): [path: string, mode: string][] {
  const paths = readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter(path => path !== 'siem.ini');
  return ['.', ...paths].flatMap(path => {
    const found = statSync(join(folder, path), {throwIfNoEntry: false});
    if (!found) return [];
    const wanted = found.isDirectory() ? 0o700 : 0o600;
    return [[path, (found.mode & 0o777) === wanted ? 'private' : (found.mode & 0o777).toString(8)]];
  });
}
