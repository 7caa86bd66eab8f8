import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {FlowSurprise} from '../flows/flow-surprise.ts';
import {makeFlowBaseline} from '../flows/make-flow-baseline.ts';
import {makeMetricBaseline} from '../metrics/make-metric-baseline.ts';
import {MetricSurprise} from '../metrics/metric-surprise.ts';
import {ModelError} from '../model-file.ts';
import {decodeBaseline, encodeBaseline, loadBaseline} from './baseline-file.ts';

const shipped = 'models/baseline.json';

test('it is the same, byte for byte, however often it is made, and reads as it was written', () => {
  const made = () => encodeBaseline({flows: makeFlowBaseline(0.05), metrics: makeMetricBaseline(0.5)});
  const text = made();
  expect(made()).toBe(text);
  expect(encodeBaseline(decodeBaseline(text, 'x.json'))).toBe(text);
});

test('the shipped one is small, and fresh detectors begin with it', () => {
  expect(readFileSync(shipped).length).toBeLessThan(300_000);
  const {flows, metrics} = loadBaseline(shipped);
  const detector = new FlowSurprise({risk: () => 1e-4, baseline: flows});
  expect(detector.save().letters.contexts).toHaveLength(flows.letters.contexts.length);
  expect(Object.keys(metrics.streams)).toEqual(expect.arrayContaining(['cpu.total', 'cpu.*', 'memory.used']));
  expect(new MetricSurprise({risk: () => 1e-4}).seed(metrics)).toBe(true);
});

describe('a baseline that is damaged is refused in a sentence that names the file', () => {
  const text = readFileSync(shipped, 'utf8');
  test.each<readonly [string, string, ModelError['code']]>([
    ['cut', text.slice(0, -100), 'damaged'],
    ['changed', text.replace('"order":3', '"order":4'), 'damaged'],
    ['of a later version', text.replace('"version":1', '"version":2'), 'newer'],
    ['something else', '{"a": 1}', 'damaged'],
    ['empty', '', 'damaged'],
  ])('%s', (_name, damaged, code) => {
    expect.assertions(2);
    try {
      decodeBaseline(damaged, 'x.json');
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect(error).toMatchObject({code, message: expect.stringContaining('The baseline x.json')});
    }
  });
});

test('a missing file and one that is too large are said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'siem-baseline-'));
  try {
    expect(() => loadBaseline(join(folder, 'none.json'))).toThrow('There is no baseline');
    writeFileSync(join(folder, 'large.json'), Buffer.alloc(1024 * 1024 + 1, 0x20));
    expect(() => loadBaseline(join(folder, 'large.json'))).toThrow('at most');
  } finally {
    rmSync(folder, {recursive: true});
  }
});
