import {createHash} from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {gzipSync} from 'node:zlib';
import type {Snapshot} from '../src/pipeline/snapshot.ts';
import {
  cleanUp,
  configure,
  type Ended,
  logLine,
  monitor,
  query,
  siem,
  start,
  stop,
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

test('a dry run shows how old and new compare, and writes nothing', async () => {
  const {dataDir, model} = machine();
  const before = readFileSync(model);
  const done = await siem(['train', '--dry-run', '--data-dir', dataDir]).ended;
  expect(done.status).toBe(0);
  expect(done.out).toMatch(/^Held-out history +old +new\nTrained +\d{4}-.* +now\nNats an event +[\d.]+ +[\d.]+$/m);
  expect(done.out).toMatch(/nothing was written\.$/m);
  expect(readFileSync(model).equals(before)).toBe(true);
  expect(readdirSync(join(dataDir, 'models'))).toEqual(['model.siem']);
});

test('training reads files instead of the store, packed ones too, in the order of their times', async () => {
  const folder = workFolder();
  const line = (at: number, message: string) =>
    `${new Date(Date.UTC(2026, 10, 20) + at * 1000).toISOString()} web1 app[${1 + Math.floor(at / 3)}]: ${message}\n`;
  const lines = Array.from({length: 6_000}, (_, at) =>
    line(at, ['began to work', 'worked a good while', 'ended its work'][at % 3] ?? ''),
  );
  const files = [join(folder, 'app.log'), join(folder, 'app.log.1.gz')] as const;
  writeFileSync(files[0], lines.slice(3_000).join(''));
  writeFileSync(files[1], gzipSync(lines.slice(0, 3_000).join('')));
  const model = join(folder, 'app.siem');
  const done = await siem(['train', '--read', ...files, '--out', model, '--data-dir', join(folder, 'none')]).ended;
  expect(done).toMatchObject({status: 0, out: expect.stringMatching(/^Events +6,000$/m)});
  expect(existsSync(model)).toBe(true);
  const loss = /^Held-out loss +([\d.]+)/m.exec(done.out)?.[1];
  expect(Number(loss)).toBeLessThan(0.3);
  const missing = await siem(['train', '--read', join(folder, 'nowhere.log'), '--data-dir', folder]).ended;
  expect(missing).toMatchObject({status: 3, err: expect.stringContaining('nowhere.log: there is no such file')});
});

test('an older model is said to be so and replaced by training', async () => {
  const {dataDir, model} = machine();
  const bytes = readFileSync(model).toString('latin1').replace('"version":2', '"version":1');
  writeFileSync(model, bytes, 'latin1');
  const done = await siem(['train', '--data-dir', dataDir]).ended;
  expect(done).toMatchObject({status: 0, err: expect.stringMatching(/no old model to compare with.*format version 1/)});
  expect(readFileSync(model).toString('latin1')).toContain('"version":2');
});

/** Lets a model keeper look once, at a time given in hours after the model was made, and says what it did. */
async function keeperLooks(dataDir: string, hours: number, settings: Record<string, unknown>, then = '') {
  const dist = pathToFileURL(join(process.cwd(), 'dist', 'src')).href;
  const script = `
    import {ModelKeeper} from '${dist}/pipeline/model-keeper.js';
    import {SurpriseDetector} from '${dist}/detect/surprise/surprise-detector.js';
    import {openReader} from '${dist}/store/open-reader.js';
    import {settingsSchema} from '${dist}/config/settings.js';
    const dataDir = ${JSON.stringify(dataDir)};
    const lines = [];
    const log = [];
    const say = text => log.push(text);
    const settings = {...settingsSchema.parse({}).detect, ...${JSON.stringify(settings)}};
    const reader = await openReader(dataDir, 'auto');
    const stored = reader.holdings('logs').rows;
    reader.close();
    const keeper = new ModelKeeper({
      detector: new SurpriseDetector({alertsPerDay: 10}), path: dataDir + '/models/model.siem', settings,
      log: {debug: say, info: say, warning: say, error: say},
      clock: () => (Date.now() + ${hours} * 3600e3) * 1000,
      stored: () => stored, openHistory: () => openReader(dataDir, 'auto'),
    });
    keeper.start(true, line => lines.push(line));
    const looking = keeper.trainIfWanted();
    const during = keeper.view().state;
    if (${then !== ''}) while (keeper.view().progress < 0.1) await new Promise(resolve => setTimeout(resolve, 5));
    else await Promise.all([looking, keeper.trainIfWanted()]);
    await keeper.stop();
    process.stdout.write(JSON.stringify({during, lines, log, view: keeper.view()}));
  `;
  const done = await start(process.execPath, ['--input-type=module', '-e', script]).ended;
  return JSON.parse(done.out) as {
    during: string;
    lines: {what: string; state: string; detail: string}[];
    log: string[];
    view: Snapshot['model'];
  };
}

test('a model that is old is trained again in the background once enough has come, and the better is kept', async () => {
  const {dataDir, model} = machine();
  const before = readFileSync(model);
  const young = await keeperLooks(dataDir, 23, {train_events: 1_000});
  expect(young.during).not.toBe('training');
  const nothingNew = await keeperLooks(dataDir, 25, {train_events: 1_000});
  expect(nothingNew.lines.filter(({what, state}) => what === 'training' && state === 'ok')).toEqual([]);
  expect(readFileSync(model).equals(before)).toBe(true);
  // As if it had been made from the older half: what came since is new to it.
  const text = before.toString('latin1');
  const {body, ...header} = JSON.parse(text.slice(0, text.indexOf('\n')));
  body.facts.newest -= 12 * 3600e6;
  const weights = before.subarray(text.indexOf('\n') + 1);
  const checksum = createHash('sha256').update(JSON.stringify(body)).update('\n').update(weights).digest('hex');
  const first = Buffer.from(`${JSON.stringify({...header, checksum, body})}\n`);
  writeFileSync(model, Buffer.concat([first, weights]));
  expect((await keeperLooks(dataDir, 25, {train_events: 1_000, train_every_hours: 0})).during).not.toBe('training');
  const again = await keeperLooks(dataDir, 25, {train_events: 1_000});
  expect(again.during).toBe('training');
  expect(again.lines).toContainEqual(
    expect.objectContaining({
      what: 'training',
      state: 'ok',
      detail: expect.stringMatching(/model of [\d]+ events: .* against/),
    }),
  );
});

test('without a model the keeper trains one, once, however often it looks', async () => {
  const {dataDir, model} = machine();
  rmSync(model);
  const made = await keeperLooks(dataDir, 0, {});
  expect(made.during).toBe('training');
  expect(existsSync(model)).toBe(true);
  expect(made.lines.filter(({what, state}) => what === 'training' && state === 'ok')).toHaveLength(1);
});

test('the monitor that ends leaves its training a checkpoint, and the next start goes on with it', async () => {
  const {dataDir, model} = machine();
  rmSync(model);
  const first = await keeperLooks(dataDir, 0, {}, 'stop in training');
  expect(first.during).toBe('training');
  expect(existsSync(model)).toBe(false);
  expect(existsSync(`${model}.unfinished`)).toBe(true);
  const second = await keeperLooks(dataDir, 0, {});
  expect(second.log).toContainEqual(expect.stringMatching(/Training goes on where it was interrupted/));
  expect(existsSync(model)).toBe(true);
});

test('ctrl+C keeps what is done, and the next training goes on with it', async () => {
  const {dataDir, model} = machine();
  rmSync(model);
  const run = siem(['train', '--epochs', '1000', '--data-dir', dataDir]);
  await until('the first epoch is done', () => run.err().includes('Epoch 1 of'));
  const stopped = await stop(run, 'SIGINT');
  expect(stopped.status).toBe(130);
  expect(stopped.err).toContain('goes on from here');
  expect(existsSync(`${model}.unfinished`)).toBe(true);
  const next = await siem(['train', '--data-dir', dataDir]).ended;
  expect(next).toMatchObject({status: 0, err: expect.stringMatching(/^Training goes on where it was interrupted/)});
  expect(existsSync(`${model}.unfinished`)).toBe(false);
});

test('a sequence that never was raises an alert that names what the trained model expected', async () => {
  const {dataDir, file} = machine();
  // The attack of the demonstration's day has more than used up what a usual number leaves for another.
  configure(dataDir, {monitor: {sources: `file:${file}`}, detect: {alerts_per_day: 200}});
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
    new RegExp(`“${finished}” was not expected here\\. Expected: “${deactivated}” \\(\\d+ %\\)`),
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
