import {spawnSync} from 'node:child_process';
import {appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {data, dataFolder, needs} from './needs.ts';
import {cleanUp, configure, logLine, monitor, program, stop, until, workFolder} from './support/siem.ts';

afterEach(cleanUp);

function rules(dataDir: string, ...args: readonly string[]): {status: number | null; out: string; err: string} {
  const {status, stdout, stderr} = spawnSync(process.execPath, [program, 'rules', ...args, '--data-dir', dataDir], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return {status, out: stdout, err: stderr};
}

function rule(title: string, id: number, word: string, level = 'high'): string {
  return `title: ${title}
id: 00000000-0000-4000-8000-00000000000${id}
level: ${level}
logsource: {product: linux}
detection:
  words: [${word}]
  condition: words
`;
}

/** A tree as SigmaHQ's, with what must not be taken beside the rules. */
function tree(): string {
  const folder = join(workFolder(), 'tree');
  for (const path of ['rules/linux', 'rules-hunting', 'deprecated', 'tests'])
    mkdirSync(join(folder, path), {recursive: true});
  writeFileSync(join(folder, 'rules/linux/a.yml'), rule('Rule A', 1, 'frobnicate'));
  writeFileSync(join(folder, 'rules/linux/b.yml'), rule('Rule B', 2, 'defenestrate'));
  writeFileSync(
    join(folder, 'rules-hunting/c.yml'),
    rule('Rule C', 3, 'x').replace('words: [x]', "words: {a|expand: '%who%'}"),
  );
  writeFileSync(join(folder, 'deprecated/d.yml'), rule('Rule D', 4, 'old'));
  writeFileSync(join(folder, 'tests/thresholds.yml'), 'a: 1\n');
  return folder;
}

test('an update says what was added, changed, removed and rejected, and leaves the user’s own rules alone', () => {
  const [folder, dataDir] = [tree(), workFolder()];
  mkdirSync(join(dataDir, 'rules'));
  writeFileSync(join(dataDir, 'rules', 'own.yml'), rule('Own', 9, 'own'));
  const first = rules(dataDir, 'update', folder);
  expect(first.status).toBe(0);
  expect(first.out).toMatch(
    /^Added: 3\n {2}Rule C\n {2}Rule A\n {2}Rule B\nChanged: 0\nRemoved: 0\nRejected: 1\n {2}rules-hunting\/c\.yml:6: .*%who%/,
  );
  expect(rules(dataDir, 'update', folder)).toMatchObject({status: 1, out: expect.stringContaining('Added: 0')});
  appendFileSync(join(folder, 'rules/linux/a.yml'), '# changed\n');
  rmSync(join(folder, 'rules/linux/b.yml'));
  writeFileSync(join(folder, 'rules/linux/e.yml'), rule('Rule E', 5, 'new'));
  expect(rules(dataDir, 'update', folder).out).toMatch(
    /^Added: 1\n {2}Rule E\nChanged: 1\n {2}Rule A\nRemoved: 1\n {2}Rule B\n/,
  );
  expect(existsSync(join(dataDir, 'rules', 'updated', 'rules/linux/b.yml'))).toBe(false);
  expect(readFileSync(join(dataDir, 'rules', 'own.yml'), 'utf8')).toContain('Own');
  const listed = rules(dataDir, 'list', '-o', 'csv', '--rules', join(dataDir, 'rules'));
  expect(
    listed.out
      .split('\r\n')
      .slice(1, -1)
      .map(line => line.split(',')[2]),
  ).toEqual(['Own', 'Rule A', 'Rule E']);
});

test('an update from a folder without rules changes nothing and is status 2', () => {
  const [folder, dataDir] = [tree(), workFolder()];
  rules(dataDir, 'update', folder);
  expect(rules(dataDir, 'update', join(folder, 'tests'))).toMatchObject({
    status: 2,
    err: expect.stringMatching(/none/),
  });
  expect(rules(dataDir, 'update', join(folder, 'nowhere')).status).toBe(2);
  expect(existsSync(join(dataDir, 'rules', 'updated', 'rules/linux/a.yml'))).toBe(true);
});

test('check names each rejected rule with file, line and reason, and placeholders of the settings mend it', () => {
  const [folder, dataDir] = [tree(), workFolder()];
  const wrong = rules(dataDir, 'check', folder);
  expect(wrong.status).toBe(1);
  expect(wrong.out).toMatch(
    /c\.yml:6: rejected: expected values for the placeholder %who%, found none: .*\(Rule C\)\n/,
  );
  expect(wrong.err).toContain('3 rules load, 1 are rejected, 0 have another’s id; 1 YAML documents are no rules');
  configure(dataDir, {placeholders: {who: 'root, adm_*'}});
  expect(rules(dataDir, 'check', folder)).toMatchObject({status: 0, out: ''});
});

test('test tells part by part why a rule fires or does not, and which events it is not about', () => {
  const [folder, dataDir] = [tree(), workFolder()];
  const log = join(dataDir, 'app.log');
  logLine(log, 'please frobnicate', 'app', new Date(0));
  logLine(log, 'nothing here', 'app', new Date(1_000));
  const fires = rules(dataDir, 'test', join(folder, 'rules/linux/a.yml'), log, '--utc');
  expect(fires.status).toBe(0);
  expect(fires.out).toMatch(/Rule A \(high, .*\)\nFires on 1 events, not on 1; of other kinds are 0\.\n/);
  expect(fires.out).toMatch(
    /1970-01-01 00:00:00\.000Z .*: fires\n.*\n +yes {2}words\n +yes {2}any value contains frobnicate/,
  );
  expect(fires.out).toMatch(
    /1970-01-01 00:00:01\.000Z .*: does not fire\n.*\n +no {3}words\n +no {3}any value contains frobnicate/,
  );
  const byTitle = rules(dataDir, 'test', 'rule b', log, '--rules', folder);
  expect(byTitle).toMatchObject({status: 1, out: expect.stringContaining('Fires on 0 events, not on 2')});
  expect(rules(dataDir, 'test', 'Rule C', log, '--rules', folder)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/The rule is rejected: .*c\.yml:6: .*%who%/),
  });
  writeFileSync(join(folder, 'w.yml'), rule('Windows', 6, 'x').replace('linux', 'windows'));
  expect(rules(dataDir, 'test', join(folder, 'w.yml'), log).out).toMatch(/logsource is not that of any event here/);
});

test('list with --profile gives what each rule cost', () => {
  const [folder, dataDir] = [tree(), workFolder()];
  const log = join(dataDir, 'app.log');
  for (let n = 0; n < 5; n++) logLine(log, 'please frobnicate', 'app', new Date(n));
  const {out, status} = rules(dataDir, 'list', '--rules', folder, '--profile', log, '-o', 'json');
  const rows: Record<string, unknown>[] = JSON.parse(out);
  expect(status).toBe(0);
  expect(rows.map(row => [row['rule.name'], row['rule.hits'], row['rule.evaluations']])).toEqual(
    expect.arrayContaining([['Rule A', 5, 5]]),
  );
  expect(rows[0]?.['rule.millis']).toBeGreaterThan(0);
});

test('the monitor takes changed rules up, and of a broken file the version before goes on and is told', async () => {
  const dataDir = workFolder();
  const [log, file] = [join(dataDir, 'app.log'), join(dataDir, 'rules', 'a.yml')];
  configure(dataDir, {monitor: {sources: `file:${log}`}, rules: {watch_seconds: 1, shipped: 'no'}});
  mkdirSync(join(dataDir, 'rules'));
  writeFileSync(file, rule('Rule A', 1, 'frobnicate'));
  writeFileSync(log, '');
  const run = await monitor(dataDir);
  await until('the rules are loaded', () => /^rules: ok, 1 Sigma rules loaded$/m.test(run.out()));
  await until('the log is read', () => run.out().includes(`file:${log}: ok`));
  logLine(log, 'please frobnicate');
  await until('the rule fires', () => /ALERT high Rule A: words: .*frobnicate/.test(run.out()));
  writeFileSync(file, rule('Rule B', 2, 'defenestrate'));
  const changed = () => readFileSync(join(dataDir, 'siem_app.log'), 'utf8').match(/rules: 1 loaded, 0 rejected/g);
  await until('the new rule is loaded', () => changed()?.length === 2);
  logLine(log, 'please defenestrate');
  await until('the new rule fires', () => /ALERT high Rule B/.test(run.out()));
  writeFileSync(file, 'title: broken\ndetection: [');
  await until('the broken file is told', () => /^rules: .*a\.yml:2: .*the version before goes on/m.test(run.out()));
  logLine(log, 'defenestrate once more', 'other');
  await stop(run);
  const found = spawnSync(process.execPath, [program, 'query', '-k', 'alerts', '--data-dir', dataDir, '-o', 'ndjson'], {
    encoding: 'utf8',
  });
  expect(found.stdout).toContain('Rule B');
});

needs(data)('all of the public rules load or lack values for placeholders', async () => {
  const {status, out, err} = rules(workFolder(), 'check', join(dataFolder, 'sigma'));
  const lines = out.trimEnd().split('\n');
  expect(status).toBe(1);
  expect(lines.filter(line => !/:\d+: rejected: expected values for the placeholder %/.test(line))).toEqual([]);
  expect(lines).toHaveLength(25);
  expect(err).toContain('3755 rules load, 25 are rejected, 0 have another’s id');
});
