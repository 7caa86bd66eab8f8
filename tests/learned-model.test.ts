import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
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

const tensorflow = `
  import * as tf from '@tensorflow/tfjs-core';
  import {openBackend} from 'DIST/train/backend.js';
  import {buildNetwork, readWeights} from 'DIST/train/network.js';
  import {flattenWeights} from 'DIST/lstm/lstm-weights.js';
  import {seededRandom} from 'DIST/seeded-random.js';
  await openBackend('wasm');
  const random = seededRandom(11);
  const oneHot = (symbols, rows, depth) =>
    tf.cast(tf.oneHot(tf.tensor2d(symbols, [rows, symbols.length / rows], 'int32'), depth), 'float32');
  const scatter = (network, size) => network.logits.setWeights(network.logits.getWeights().map(weight =>
    tf.tensor(Float32Array.from({length: weight.size}, () => (random() - 0.5) * size), weight.shape)));
`;

test('the live step goes on over a chunk border as TensorFlow.js does with the state carried, to 1e-5', async () => {
  const {answer} = await run(`${tensorflow}
    import {LstmStep} from 'DIST/lstm/lstm-step.js';
    const shape = {vocabulary: 60, embedding: 8, units: 24};
    const network = buildNetwork(shape, 7);
    scatter(network, 1.5);
    const step = new LstmStep(readWeights(network));
    let live = step.initial();
    let carried = [tf.zeros([1, shape.units]), tf.zeros([1, shape.units])];
    let worst = 0;
    for (let chunk = 0; chunk < 4; chunk++) {
      const symbols = Array.from({length: 32}, () => Math.floor(random() * shape.vocabulary));
      const [logits, ...after] = network.chunk.predict([oneHot(symbols, 1, shape.vocabulary), ...carried]);
      const predicted = tf.softmax(logits).dataSync();
      carried = after;
      symbols.forEach((symbol, at) => {
        live = step.step(live, symbol);
        live.probabilities.forEach((probability, entry) => {
          worst = Math.max(worst, Math.abs(probability - predicted[at * shape.vocabulary + entry]));
        });
      });
    }
    console.log(JSON.stringify(worst));
  `);
  expect(answer).toBeLessThan(1e-5);
});

test('the gradient is the one TensorFlow.js derives for its own layers, also in a chunk that goes on', async () => {
  const {answer} = await run(
    `${tensorflow}
    import {BackPropagation} from 'DIST/train/back-propagation.js';
    import {chunksOf, Weighing} from 'DIST/train/batches.js';
    import {packSequences} from 'DIST/train/corpus.js';
    import {parametersOf} from 'DIST/train/parameters.js';
    import {Narrowing} from 'DIST/narrowing.js';
    const shape = {vocabulary: 12, embedding: 5, units: 8};
    const rows = 3;
    const network = buildNetwork(shape, 7);
    scatter(network, 1.5);
    const entries = () => Array.from({length: 71}, () => Math.floor(random() * shape.vocabulary));
    const set = packSequences(Array.from({length: rows}, (_, at) => ({entries: entries(), firstTarget: 1, count: at + 1})));
    const parameters = parametersOf(shape, flattenWeights(readWeights(network)));
    const own = new BackPropagation(parameters, new Narrowing(shape.vocabulary));
    const state = own.blank(rows);
    let carried = [tf.zeros([rows, shape.units]), tf.zeros([rows, shape.units])];
    const variables = network.logits.trainableWeights.map(weight => weight.read());
    let worst = 0, losses = 0, chunks = 0;
    for (const chunk of chunksOf(set, [0, 1, 2], new Weighing(set, rows))) {
      const loss = own.run(chunk, state);
      const steps = chunk.rows.length;
      // Rows first, as the layers want them.
      const turned = values => Array.from({length: rows * steps}, (_, at) => values[(at % steps) * rows + Math.floor(at / steps)]);
      let after;
      const {value, grads} = tf.variableGrads(() => {
        const [logits, ...states] = network.chunk.predict([oneHot(turned(chunk.inputs), rows, shape.vocabulary), ...carried]);
        after = states.map(one => tf.keep(one.clone()));
        const flat = tf.reshape(logits, [rows * steps, shape.vocabulary]);
        const most = tf.max(flat, 1, true);
        const whole = tf.add(most, tf.log(tf.sum(tf.exp(tf.sub(flat, most)), 1, true)));
        const targets = tf.reshape(oneHot(turned(chunk.targets), rows, shape.vocabulary), [rows * steps, shape.vocabulary]);
        const nats = tf.sub(tf.reshape(whole, [rows * steps]), tf.sum(tf.mul(flat, targets), 1));
        return tf.sum(tf.mul(nats, tf.tensor1d(turned(chunk.weights))));
      }, variables);
      carried = after;
      losses = Math.max(losses, Math.abs(value.dataSync()[0] - loss));
      const expected = variables.flatMap(variable => [...grads[variable.name].dataSync()]);
      expected.forEach((slope, at) => {
        worst = Math.max(worst, Math.abs(slope - own.gradient.flat[at]));
      });
      chunks += 1;
    }
    const longest = own.gradient.flat.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    console.log(JSON.stringify({worst, losses, chunks, longest}));
  `,
  );
  expect(answer).toMatchObject({chunks: 3});
  const {worst, losses, longest} = answer as {worst: number; losses: number; longest: number};
  expect(losses).toBeLessThan(1e-4);
  expect(worst).toBeLessThan(1e-4 * longest + 1e-6);
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

test('training that is cancelled ends soon, keeps what it has and leaves a checkpoint', async () => {
  const path = join(folder, 'cancelled.siem');
  const {answer} = await run(`${history}
    const training = trainInBackground({...options(6000, ${JSON.stringify(path)}), epochs: 1000,
      onProgress: progress => { if (progress.epoch === 1) training.cancel(); }});
    const report = await training.done;
    const early = trainInBackground(options(6000, ${JSON.stringify(join(folder, 'early.siem'))}));
    early.cancel();
    const refused = await early.done.catch(error => error.message);
    console.log(JSON.stringify({stoppedBy: report.outcome.stoppedBy, refused}));
  `);
  expect(answer).toMatchObject({stoppedBy: 'user', refused: expect.stringMatching(/stopped.*nothing was kept/i)});
  expect(existsSync(path)).toBe(true);
  expect(existsSync(`${path}.unfinished`)).toBe(true);
  expect(existsSync(join(folder, 'early.siem'))).toBe(false);
});

/** Trains to epoch 4; with `killAt`, ends the whole process without warning when that epoch is done. */
function trainTo4(path: string, killAt = 0, count = 3_000, more = '') {
  return run(`${history}
    const notes = [];
    const epochs = [];
    const report = await trainModel({...options(${count}, ${JSON.stringify(path)}), epochs: 4, ${more}
      onNote: text => notes.push(text),
      onProgress: ({epoch}) => {
        epochs.push(epoch);
        if (epoch === ${killAt}) process.kill(process.pid, 'SIGKILL');
      },
    });
    console.log(JSON.stringify({notes, epochs, loss: report.outcome.heldOutLoss, kept: report.outcome.epochs}));
  `);
}

test('training killed in the middle goes on at the next start and ends as if nothing had been', async () => {
  const path = join(folder, 'killed.siem');
  expect((await trainTo4(path, 2)).code).not.toBe(0);
  expect(existsSync(path)).toBe(false);
  expect(existsSync(`${path}.unfinished`)).toBe(true);
  const resumed = (await trainTo4(path)).answer as {notes: string[]; epochs: number[]; loss: number};
  expect(resumed.notes).toEqual([
    expect.stringMatching(/^Training goes on where it was interrupted, (after|within) epoch [23]/),
  ]);
  expect(resumed.epochs[0]).toBeGreaterThan(2);
  expect(resumed.epochs.at(-1)).toBe(4);
  expect(existsSync(path)).toBe(true);
  expect(existsSync(`${path}.unfinished`)).toBe(false);
  const whole = (await trainTo4(join(folder, 'whole.siem'))).answer as {loss: number};
  expect(resumed.loss).toBeCloseTo(whole.loss, 9);
});

test('a checkpoint of another history, a damaged one, and one that is not wanted are left aside, and that is said', async () => {
  const path = join(folder, 'aside.siem');
  await trainTo4(path, 1);
  const checkpoint = readFileSync(`${path}.unfinished`);
  const other = (await trainTo4(path, 0, 4_000)).answer as {notes: string[]; epochs: number[]};
  expect(other.notes).toEqual([
    expect.stringMatching(/begins afresh: .*aside\.siem\.unfinished is of another history/),
  ]);
  expect(other.epochs).toEqual([1, 2, 3, 4]);
  rmSync(path);
  writeFileSync(`${path}.unfinished`, checkpoint.subarray(0, -100));
  const damaged = (await trainTo4(path)).answer as {notes: string[]; epochs: number[]};
  expect(damaged.notes).toEqual([
    expect.stringMatching(/begins afresh: .*aside\.siem\.unfinished is damaged: its checksum/),
  ]);
  rmSync(path);
  writeFileSync(`${path}.unfinished`, checkpoint);
  const fresh = (await trainTo4(path, 0, 3_000, 'fresh: true,')).answer as {notes: string[]; epochs: number[]};
  expect(fresh).toMatchObject({notes: [], epochs: [1, 2, 3, 4]});
});

test('the better of the new model and the old one is kept', async () => {
  const path = join(folder, 'better.siem');
  const {answer} = await run(`${history}
    import {loadModel, saveModel} from 'DIST/model-file.js';
    const path = ${JSON.stringify(path)};
    const good = await trainModel({...options(6000, path), epochs: 6});
    const worse = await trainModel({...options(6000, path), epochs: 1});
    const afterWorse = loadModel(path).facts;
    const {weights, ...rest} = loadModel(path);
    weights.outputKernel.fill(0);
    saveModel(path, {...rest, weights});
    const tried = await trainModel({...options(6000, path), epochs: 6, dryRun: true});
    const afterDry = loadModel(path).weights.outputKernel[0];
    const better = await trainModel({...options(6000, path), epochs: 6});
    console.log(JSON.stringify({
      first: [good.kept, good.written, good.old === undefined],
      worse: [worse.kept, worse.outcome.worth.aloneNats > worse.outcome.rival.aloneNats, afterWorse.epochs === good.model.facts.epochs],
      checked: afterWorse.checkedAt > afterWorse.trainedAt,
      tried: [tried.kept, tried.written, afterDry],
      better: [better.kept, better.outcome.worth.aloneNats < better.outcome.rival.aloneNats, loadModel(path).weights.outputKernel[0] !== 0],
    }));
  `);
  expect(answer).toEqual({
    first: ['new', true, true],
    worse: ['old', true, true],
    checked: true,
    tried: ['new', false, 0],
    better: ['new', true, true],
  });
});

test('two trainings of one model at once: the second is refused with who is at it', async () => {
  const path = join(folder, 'twice.siem');
  const {answer} = await run(`${history}
    const path = ${JSON.stringify(path)};
    const first = trainModel(options(3000, path));
    const refused = await trainModel(options(3000, path)).catch(error => [error.name, error.message]);
    await first;
    const again = await trainModel(options(3000, path));
    console.log(JSON.stringify({refused, pid: process.pid, again: again.kept}));
  `);
  const {refused, pid} = answer as {refused: string[]; pid: number};
  expect(refused).toEqual(['TrainingError', expect.stringContaining(`(process ${pid})`)]);
});

test('closed alerts are found in the history, learned from, and what they teach is kept with the model', async () => {
  const path = join(folder, 'verdicts.siem');
  const {answer} = await run(`${history}
    import {loadModel} from 'DIST/model-file.js';
    const events = [...history(6000)];
    const closed = (word, verdict, agreed) => events.filter(({message}) => message.startsWith(word)).slice(10, 24).map(event => ({
      rule: 'surprise.sequence', host: 'alpha', verdict, findings: [],
      event: {
        '@timestamp': new Date(event.time / 1000).toISOString().slice(0, -1) + String(event.time % 1000).padStart(3, '0') + 'Z',
        'host.name': 'alpha', 'event.provider': event.provider, message: event.message,
        'surprise.nats': 9, 'surprise.threshold': 7, 'surprise.agreed': agreed,
      },
    }));
    const report = await trainModel({...options(0, ${JSON.stringify(path)}), history: events, alerts: [
      ...closed('Accepted publickey', 'true-positive', 'it never came after “x”'),
      ...closed('Failed password', 'false-positive', 'no session began so'),
    ]});
    const {notLearned, learnedMore} = report.corpus;
    console.log(JSON.stringify({notLearned, learnedMore, head: {...loadModel(report.path).head, weights: []}}));
  `);
  expect(answer).toMatchObject({
    notLearned: 14,
    learnedMore: 14,
    head: {alerts: 28, truths: 14, held: expect.any(Number)},
  });
});

test('verdicts teach to hold back what is surely false, and no true alert', async () => {
  const {answer} = await run(`
    import {openBackend} from 'DIST/train/backend.js';
    import {packSequences} from 'DIST/train/corpus.js';
    import {freshParameters} from 'DIST/train/parameters.js';
    import {trainHead} from 'DIST/train/train-head.js';
    import {featureCount, verdictFeatures} from 'DIST/verdict-head.js';
    import {seededRandom} from 'DIST/seeded-random.js';
    await openBackend('wasm');
    const random = seededRandom(3);
    const weights = freshParameters({vocabulary: 9, embedding: 4, units: 8}, 1).views;
    function verdicts(count) {
      const labels = Uint8Array.from({length: count}, (_, at) => at % 3 === 0 ? 1 : 0);
      const alert = isTrue => ({rule: 'surprise.sequence', fields: {
        'surprise.nats': 8 + random() * 3, 'surprise.threshold': 7,
        'surprise.agreed': isTrue ? 'it never came after “x”; the trained model gives it 0.1 %' : 'no session began so',
      }});
      return {
        labels,
        features: Float32Array.from([...labels].flatMap(label => [...verdictFeatures(alert(label === 1))])),
        contexts: packSequences([...labels].map(() => ({entries: [1, 3 + Math.floor(random() * 6)], firstTarget: 1, count: 1}))),
      };
    }
    const {cut, held, truths, alerts} = trainHead(weights, verdicts(40), 1);
    console.log(JSON.stringify({cut, held, truths, alerts, few: trainHead(weights, verdicts(12), 1) ?? 'none'}));
  `);
  expect(answer).toMatchObject({alerts: 40, truths: 14, few: 'none'});
  const {cut, held} = answer as {cut: number; held: number};
  expect(cut).toBeGreaterThan(0);
  expect(cut).toBeLessThanOrEqual(0.3);
  expect(held).toBeGreaterThan(20);
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
