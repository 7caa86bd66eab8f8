import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

const dist = join(__dirname, '..', 'dist', 'src', 'detect', 'surprise');
const folder = mkdtempSync(join(tmpdir(), 'siem-train-'));
afterAll(() => rmSync(folder, {recursive: true}));

/** Runs a module against the built program and gives the JSON it prints last. */
function run(
  script: string,
  nodeOptions: readonly string[] = [],
): Promise<{code: number | null; answer: unknown; stderr: string}> {
  const source = script.replaceAll('DIST', pathToFileURL(dist).href);
  const child = spawn(process.execPath, [...nodeOptions, '--input-type=module', '-e', source], {
    cwd: join(__dirname, '..'),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      resolve({code, answer: last === '' ? undefined : JSON.parse(last), stderr});
    });
  });
}

const history = `
  import {ordinaryLife} from 'DIST/generated-life.js';
  import {trainModel, trainInBackground} from 'DIST/train/train-model.js';
  function* history(count) {
    let number = 0;
    for (const event of ordinaryLife(5)) {
      if (number++ >= count) return;
      yield {...event, host: 'alpha'};
    }
  }
  const library = [];
  const options = (count, path) => ({
    history: history(count), path, leastEvents: 1000, backend: 'wasm', epochs: 2,
    onLibraryOutput: text => library.push(text), signal: new AbortController().signal,
  });
`;

test('the live step, in SIMD and plain, gives what TensorFlow.js predicts, to 1e-5, on random sequences', async () => {
  const {answer} = await run(`
    import * as tf from '@tensorflow/tfjs-core';
    import {openBackend} from 'DIST/train/backend.js';
    import {buildNetwork, readWeights} from 'DIST/train/network.js';
    import {LstmStep} from 'DIST/lstm/lstm-step.js';
    import {PlainEngine} from 'DIST/lstm/plain-engine.js';
    import {openSimdEngine} from 'DIST/lstm/simd-engine.js';
    import {seededRandom} from 'DIST/seeded-random.js';
    await openBackend('wasm');
    const random = seededRandom(11);
    const worst = {};
    let compared = 0;
    for (const shape of [{vocabulary: 40, embedding: 8, units: 16}, {vocabulary: 300, embedding: 32, units: 64}]) {
      const network = buildNetwork(shape, 7);
      // Larger weights than a fresh network has, so that gates saturate too; and a bias that is not 0.
      network.logits.setWeights(network.logits.getWeights().map(weight =>
        tf.tensor(Float32Array.from({length: weight.size}, () => (random() - 0.5) * 1.5), weight.shape)));
      const weights = readWeights(network);
      const symbols = Array.from({length: 25}, () => Math.floor(random() * shape.vocabulary));
      const input = tf.cast(tf.oneHot(tf.tensor2d(symbols, [1, symbols.length], 'int32'), shape.vocabulary), 'float32');
      const predicted = network.softmax.predict(input).dataSync();
      for (const engine of [openSimdEngine(weights), new PlainEngine(weights)]) {
        if (!engine) continue;
        const step = new LstmStep(weights, engine);
        let state = step.initial();
        symbols.forEach((symbol, at) => {
          state = step.step(state, symbol);
          state.probabilities.forEach((probability, entry) => {
            const far = Math.abs(probability - predicted[at * shape.vocabulary + entry]);
            const farAlone = Math.abs(state.probabilityOf(entry) - predicted[at * shape.vocabulary + entry]);
            worst[engine.kind] = Math.max(worst[engine.kind] ?? 0, far, farAlone);
            if (engine.kind === 'plain') compared += 1;
          });
        });
      }
    }
    console.log(JSON.stringify({worst, compared}));
  `);
  expect(answer).toMatchObject({compared: 25 * 340});
  const {worst} = answer as {worst: {plain: number; simd?: number}};
  expect(worst.plain).toBeLessThan(1e-5);
  // Where the machine has no SIMD the plain step is all there is.
  expect(worst.simd ?? worst.plain).toBeLessThan(1e-5);
});

test('training on history makes a model that knows it better than chance, in one file, in another process', async () => {
  const path = join(folder, 'models', 'model.siem');
  const {answer} = await run(`${history}
    import {loadModel} from 'DIST/model-file.js';
    const epochs = [];
    const report = await trainModel({...options(6000, ${JSON.stringify(path)}), epochs: 4, onProgress: progress => epochs.push(progress.epoch)});
    const model = loadModel(report.path);
    console.log(JSON.stringify({facts: model.facts, words: model.vocabulary.length, epochs, outcome: report.outcome}));
  `);
  const {facts, words, epochs} = answer as {
    facts: {heldOutLoss: number; events: number; falseAlarmRate: number};
    words: number;
    epochs: number[];
  };
  expect(epochs).toEqual([1, 2, 3, 4]);
  expect(facts.events).toBe(6_000);
  expect(facts.heldOutLoss).toBeLessThan(0.75 * Math.log(words));
  expect(facts.falseAlarmRate).toBeLessThan(0.1);
  expect(existsSync(path)).toBe(true);
});

test('too little history is refused with how much there is and how much is needed', async () => {
  const path = join(folder, 'little.siem');
  const {answer} = await run(`${history}
    await trainModel({...options(700, ${JSON.stringify(path)})}).catch(error => console.log(JSON.stringify([error.name, error.message])));
  `);
  expect(answer).toEqual(['TrainingError', expect.stringMatching(/there are 700 log entries, and 1000 are needed/)]);
  expect(existsSync(path)).toBe(false);
});

test('training that is cancelled ends soon, leaves no process and keeps nothing half done', async () => {
  const path = join(folder, 'cancelled.siem');
  const {answer} = await run(`${history}
    const training = trainInBackground({...options(6000, ${JSON.stringify(path)}), epochs: 1000,
      onProgress: progress => { if (progress.epoch === 1) training.cancel(); }});
    const report = await training.done;
    const early = trainInBackground(options(6000, ${JSON.stringify(join(folder, 'early.siem'))}));
    early.cancel();
    const refused = await early.done.catch(error => error.message);
    console.log(JSON.stringify({stoppedBy: report.outcome.stoppedBy, epochs: report.outcome.epochs, refused}));
  `);
  expect(answer).toMatchObject({
    stoppedBy: 'user',
    epochs: 1,
    refused: expect.stringMatching(/stopped.*nothing was kept/i),
  });
  expect(existsSync(path)).toBe(true);
  expect(existsSync(join(folder, 'early.siem'))).toBe(false);
});

test('what TensorFlow.js prints reaches the log only, and a missing native backend is named', async () => {
  const {answer, stderr} = await run(`${history}
    const failed = await trainModel({...options(2000, ${JSON.stringify(join(folder, 'node.siem'))}), backend: 'node'})
      .catch(error => error.message);
    console.log(JSON.stringify({failed, library: library.join('')}));
  `);
  expect(answer).toMatchObject({failed: expect.stringMatching(/@tensorflow\/tfjs-node.*npm install.*backend = wasm/)});
  expect((answer as {library: string}).library).not.toBe('');
  expect(stderr).toBe('');
});

test('the detector loads no part of TensorFlow.js', async () => {
  const {answer} = await run(
    `
    import {registerHooks} from 'node:module';
    await import('DIST/surprise-detector.js');
    await import('DIST/model-watch.js');
    await import('DIST/train/train-model.js');
    const {createRequire} = await import('node:module');
    const loaded = Object.keys(createRequire(process.cwd() + '/x.js').cache).filter(path => path.includes('tensorflow'));
    console.log(JSON.stringify(loaded));
  `.replace("import {registerHooks} from 'node:module';\n", ''),
  );
  expect(answer).toEqual([]);
  expect(readFileSync(join(dist, 'train', 'train-model.js'), 'utf8')).not.toContain('tensorflow');
});
