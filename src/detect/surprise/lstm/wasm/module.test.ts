import {needs} from '../../../../../tests/needs.ts';
import {simd} from '../network.test-helper.ts';
import {f32x4, get, i32, repeatWhile, set, v128} from './code.ts';
import {assemble, type KernelFunction, kernelFunction, Variables} from './module.ts';
import {webAssembly} from './runtime.ts';

const constants = [0, 1, 63, 64, 127, 128, 8_191, 8_192, 65_536, 2 ** 31 - 1, -1, -64, -65, -128, -(2 ** 31)];

needs(simd)('whole numbers of every length come out as they were put in', async () => {
  const functions = constants.map((value, at) => kernelFunction(`get${at}`, new Variables(), [], i32.constant(value)));
  const {exports} = load(functions);
  expect(constants.map((_, at) => (exports[`get${at}`] as () => number)())).toEqual(constants);
});

needs(simd)('a loop goes on as long as its condition holds, and memory is read and written in place', async () => {
  const variables = new Variables();
  const [from, end] = [variables.parameter('i32'), variables.parameter('i32')];
  const sum = variables.local('v128');
  const total = kernelFunction('total', variables, [
    repeatWhile(
      i32.lessUnsigned(get(from), get(end)),
      set(sum, f32x4.add(get(sum), v128.load(get(from), 0))),
      set(from, i32.add(get(from), i32.constant(16))),
    ),
    v128.store(get(end), 1_024, get(sum)),
  ]);
  const {exports, numbers} = load([total]);
  numbers.set(Float32Array.from({length: 400}, (_, at) => at));
  (exports.total as (from: number, end: number) => void)(0, 1_600);
  expect([...numbers.subarray(656, 660)]).toEqual([19_800, 19_900, 20_000, 20_100]);
});

test('a parameter after a local variable is refused: its number would be taken', () => {
  const variables = new Variables();
  variables.local('i32');
  expect(() => variables.parameter('i32')).toThrow('Expected every parameter before the first local variable');
});

function load(functions: readonly KernelFunction[]) {
  const bytes = assemble(functions);
  if (!webAssembly?.validate(bytes)) throw new Error('Expected a valid module');
  const memory = new webAssembly.Memory({initial: 1});
  const {exports} = new webAssembly.Instance(new webAssembly.Module(bytes), {own: {memory}});
  return {exports, numbers: new Float32Array(memory.buffer)};
}
