import {cpSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Snapshot} from '../src/pipeline/snapshot.ts';
import {
  cleanUp,
  configure,
  type Ended,
  logLine,
  monitor,
  query,
  siem,
  until,
  watches,
  workFolder,
} from './support/siem.ts';

const starting = 'Starting sysstat-collect.service - system activity accounting tool...';
const deactivated = 'sysstat-collect.service: Deactivated successfully.';
const finished = 'Finished sysstat-collect.service - system activity accounting tool.';

/** A data folder with a day of demonstration history and the model that `siem train` made of it. */
const learned = mkdtempSync(join(tmpdir(), 'siem-learned-'));
let training: Ended;

beforeAll(async () => {
  const demo = await siem(['monitor', '--demo', '--once', '--data-dir', learned]).ended;
  if (demo.status !== 0) throw new Error(`the demonstration ended with ${demo.status}: ${demo.err}`);
  training = await siem(['train', '--data-dir', learned]).ended;
}, 120_000);

afterEach(cleanUp);
afterAll(() => rmSync(learned, {recursive: true, force: true}));

test('training says how far it is and what it learned', () => {
  expect(training.status).toBe(0);
  expect(training.err).toMatch(/^Epoch 1 of \d+: loss \d/m);
  expect(training.out).toMatch(/^Model +.*model\.siem$/m);
  expect(training.out).toMatch(/^Held-out false alarms +\d/m);
});

test('a sequence that never was raises an alert that names what the trained model expected', async () => {
  const {dataDir, file} = machine();
  const run = await monitor(dataDir);
  await until('the model is loaded', () => run.out().includes('model: ok'));
  await watches(run, 'file');
  for (const message of [starting, deactivated, finished, starting, deactivated, finished, starting, finished]) {
    logLine(file, message, 'systemd');
  }
  const alerts = () => query(dataDir, '-k', 'alerts', 'rule.id:surprise.sequence', 'entity:web1/systemd');
  await until('the alert is raised', async () => (await alerts()).length);
  const [alert] = await alerts();
  expect(alert).toMatchObject({message: finished, 'event.historical': false});
  expect(alert?.['event.reason']).toMatch(
    new RegExp(`“${finished}” was not expected here\\. Expected: “${deactivated}” \\(\\d\\d %\\)`),
  );
});

test('a damaged model is refused with the reason and the mend, and the monitor goes on', async () => {
  const {dataDir, file, model} = machine();
  truncateSync(model, 5_000);
  logLine(file, 'still watching');
  const done = await siem(['monitor', '--once', '--json', '--data-dir', dataDir]).ended;
  expect(done).toMatchObject({status: 0, err: ''});
  const snapshot: Snapshot = JSON.parse(done.out);
  expect(snapshot.startup).toContainEqual(
    expect.objectContaining({
      what: 'model',
      state: 'failed',
      mend: 'siem train',
      detail: expect.stringContaining(model),
    }),
  );
  expect(snapshot.model).toMatchObject({state: 'refused', scored: 0});
  expect(snapshot.model.detail).not.toBe('');
  expect(snapshot.sources).toContainEqual(expect.objectContaining({id: `file:${file}`, stored: 1}));
});

test('a model that appears is taken up without a restart', async () => {
  const {dataDir, model} = machine();
  renameSync(model, `${model}.later`);
  const run = await monitor(dataDir);
  await until('it has no model', () => run.out().includes('model: none'));
  renameSync(`${model}.later`, model);
  await until('the model is loaded', () => run.out().includes(`model: ok, ${model}`));
});

/** A copy of the learned folder and a log to watch. */
function machine() {
  const folder = workFolder();
  const dataDir = join(folder, 'data');
  const file = join(folder, 'app.log');
  cpSync(learned, dataDir, {recursive: true});
  writeFileSync(file, '');
  configure(dataDir, {monitor: {sources: `file:${file}`}});
  return {dataDir, file, model: join(dataDir, 'models', 'model.siem')};
}
