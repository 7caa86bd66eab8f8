import {needs} from '../../../../tests/needs.ts';
import {simd} from './network.test-helper.ts';
import {VectorMath} from './vector-math.ts';
import {get, i32, type Local, repeatWhile, type Statement, set, v128} from './wasm/code.ts';
import {assemble, kernelFunction, Variables} from './wasm/module.ts';
import {webAssembly} from './wasm/runtime.ts';

type Code = (math: VectorMath, target: Local<'v128'>, of: ReturnType<typeof v128.load>) => Statement;

const dense = Float32Array.from({length: 40_000}, (_, at) => (at - 20_000) / 225);

needs(simd)('e^x is within 3e-7 of its value from −87 to 87', async () => {
  const given = dense.filter(x => Math.abs(x) <= 87);
  const found = computed((math, target, of) => math.exponential(target, of), given);
  const errors = given.map((x, at) => Math.abs((found[at] ?? Number.NaN) / Math.exp(x) - 1));
  expect(errors.every(error => error < 3e-7)).toBe(true);
  expect(given.length).toBeGreaterThan(39_000);
});

needs(simd)('sigmoid and tanh are within 3e-7 everywhere', async () => {
  const sigmoids = computed((math, target, of) => math.sigmoid(target, of), dense);
  const tangents = computed((math, target, of) => math.tanh(target, of), dense);
  const errors = [...dense].flatMap((x, at) => [
    Math.abs((sigmoids[at] ?? Number.NaN) - 1 / (1 + Math.exp(-x))),
    Math.abs((tangents[at] ?? Number.NaN) - Math.tanh(x)),
  ]);
  expect(errors.every(error => error < 3e-7)).toBe(true);
});

needs(simd)('what is beyond all bounds gives the value at the bound, and what is no number a number', async () => {
  const beyond = Float32Array.of(Number.NEGATIVE_INFINITY, -1e30, 1e30, Number.POSITIVE_INFINITY);
  const nothing = new Float32Array(4).fill(Number.NaN);
  const exponential: Code = (math, target, of) => math.exponential(target, of);
  expect([...computed(exponential, beyond)].map(value => Math.round(Math.log(value)))).toEqual([-87, -87, 87, 87]);
  expect([...computed((math, target, of) => math.tanh(target, of), beyond)]).toEqual([-1, -1, 1, 1]);
  expect(computed(exponential, nothing).every(Number.isFinite)).toBe(true);
});

needs(simd)('the sigmoid of 0 is a half and the tangent of 0 is 0, exactly', async () => {
  const zero = new Float32Array(4);
  expect([...computed((math, target, of) => math.sigmoid(target, of), zero)]).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect([...computed((math, target, of) => math.tanh(target, of), zero)]).toEqual([0, 0, 0, 0]);
});

/** Runs the code over numbers, four at a time. */
function computed(code: Code, given: Float32Array): Float32Array {
  const variables = new Variables();
  const [from, end] = [variables.parameter('i32'), variables.parameter('i32')];
  const target = variables.local('v128');
  const body = repeatWhile(
    i32.lessUnsigned(get(from), get(end)),
    code(new VectorMath(variables), target, v128.load(get(from), 0)),
    v128.store(get(from), 0, get(target)),
    set(from, i32.add(get(from), i32.constant(16))),
  );
  if (!webAssembly) throw new Error('Expected WebAssembly');
  const memory = new webAssembly.Memory({initial: 4});
  const module = new webAssembly.Module(assemble([kernelFunction('compute', variables, [body])]));
  const {exports} = new webAssembly.Instance(module, {own: {memory}});
  const numbers = new Float32Array(memory.buffer);
  numbers.set(given);
  (exports as {readonly compute: (from: number, end: number) => void}).compute(0, 4 * given.length);
  return numbers.slice(0, given.length);
}
