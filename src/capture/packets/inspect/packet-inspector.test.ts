import type {RawPacket} from '../backend.ts';
import {FrameError} from '../bytes.ts';
import type {Message} from '../messages.ts';
import type {SensorExit} from '../sensor-process.ts';
import {type InspectorProcess, PacketInspector, type PacketInspectorOptions} from './packet-inspector.ts';
import {type Question, readQuestion} from './question.ts';

const bytes = new Uint8Array(60);
const packet: RawPacket = {
  bytes,
  start: 0,
  end: 60,
  wire: 60,
  time: 1,
  outgoing: false,
  vlan: -1,
  link: 'ethernet',
  etherType: 0,
};
const layers = [{layer: 'ethernet', start: 0, length: 14, fields: []}];

/** A process that does what a test wants: `say` sends a message, `end` ends it. */
class FakeProcess implements InspectorProcess {
  readonly asked: Question[] = [];
  readonly exited: Promise<SensorExit>;
  finished = false;
  killed = false;
  #said: (Message | Error)[] = [];
  #wake: () => void = () => {};
  #exit: (exit: SensorExit) => void = () => {};
  #isOver = false;
  readonly #onAsk: (question: Question, process: FakeProcess) => void;

  constructor(onAsk: (question: Question, process: FakeProcess) => void) {
    this.#onAsk = onAsk;
    this.exited = new Promise(resolve => {
      this.#exit = resolve;
    });
  }

  ask(frame: Uint8Array): void {
    const question = readQuestion(frame.subarray(4));
    this.asked.push(question);
    this.#onAsk(question, this);
  }

  async *messages(): AsyncGenerator<Message> {
    while (!this.#isOver || this.#said.length > 0) {
      const next = this.#said.shift();
      if (next instanceof Error) throw next;
      if (next) yield next;
      else {
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
      }
    }
  }

  say(message: Message | Error): void {
    this.#said.push(message);
    this.#wake();
  }

  end(exit: Partial<SensorExit>): void {
    this.#isOver = true;
    this.#exit({failure: undefined, status: null, killedBy: null, ...exit});
    this.#wake();
  }

  finish(): void {
    this.finished = true;
    this.end({status: 0});
  }

  kill(): void {
    this.killed = true;
    this.end({killedBy: 'SIGKILL'});
  }
}

const answers = ({type, number}: Question, process: FakeProcess) =>
  process.say(
    type === 'explain'
      ? {type: 'tree', question: number, layers}
      : {type: 'matches', question: number, accepted: [true, false]},
  );

function inspectorOf(
  onAsk: ConstructorParameters<typeof FakeProcess>[0],
  options: Partial<PacketInspectorOptions> = {},
) {
  const started: FakeProcess[] = [];
  const launch = () => {
    const process = new FakeProcess(onAsk);
    started.push(process);
    return process;
  };
  return {inspector: new PacketInspector({launch, rest: 0, ...options}), started};
}

const settled = () => new Promise(resolve => setImmediate(resolve));

test('one process answers all questions, is started by the first or when one may come, and is ended when closed', async () => {
  const {inspector, started} = inspectorOf(answers);
  expect(started).toHaveLength(0);
  inspector.prepare();
  inspector.prepare();
  expect(started).toHaveLength(1);
  const both = [inspector.explain(packet), inspector.match('tcp', [packet, packet])] as const;
  expect(await Promise.all(both)).toEqual([layers, [true, false]]);
  expect(started).toHaveLength(1);
  await inspector.close();
  expect(started[0]).toMatchObject({killed: true, asked: [{type: 'explain'}, {type: 'match', filter: 'tcp'}]});
  await expect(inspector.explain(packet)).rejects.toThrow('the program is ending');
  inspector.prepare();
  expect(started).toHaveLength(1);
});

test('one that does not answer is killed and said so, and the next question starts another', async () => {
  let isDeaf = true;
  const {inspector, started} = inspectorOf((question, process) => isDeaf || answers(question, process), {patience: 20});
  const both = [inspector.explain(packet), inspector.match('tcp', [packet])];
  const [first, second] = await Promise.allSettled(both);
  expect(first).toMatchObject({reason: {message: 'the decoder gave no answer within 0.02 s'}});
  expect(second?.status).toBe('rejected');
  expect(started[0]?.killed).toBe(true);
  isDeaf = false;
  expect(await inspector.explain(packet)).toEqual(layers);
  expect(started).toHaveLength(2);
  await inspector.close();
});

test('one that ends says how, with the reason that it gave', async () => {
  const {inspector} = inspectorOf((_, process) => {
    process.say({type: 'status', status: {state: 'failed', code: 'privilege-kept', detail: 'Expected no capability'}});
    process.end({status: 25});
  });
  const words = 'the decoder ended (status 25): Expected no capability';
  await expect(inspector.explain(packet)).rejects.toThrow(words);
  await inspector.close();
});

test.each<[string, (question: Question, process: FakeProcess) => void]>([
  ['a frame that is none', (_, process) => process.say(new FrameError('Expected a count, got -1.'))],
  ['an answer to no question', (_, process) => process.say({type: 'tree', question: 99, layers})],
  [
    'an answer of the wrong kind',
    ({number}, process) => process.say({type: 'matches', question: number, accepted: []}),
  ],
  ['what it was not asked for', (_, process) => process.say({type: 'alerts', alerts: []})],
])('one that breaks its protocol is killed: %s', async (_, onAsk) => {
  const {inspector, started} = inspectorOf(onAsk);
  const asked = expect(inspector.explain(packet)).rejects.toThrow(/broke its protocol/);
  await settled();
  started[0]?.end({status: 0});
  await asked;
  expect(started[0]?.killed).toBe(true);
  await inspector.close();
});

test('an error of the decoder rejects only its question', async () => {
  let first = true;
  const {inspector, started} = inspectorOf((question, process) => {
    if (first) process.say({type: 'unanswered', question: question.number, why: 'beyond the end'});
    else answers(question, process);
    first = false;
  });
  await expect(inspector.explain(packet)).rejects.toThrow('the decoder met an error: beyond the end');
  expect(await inspector.explain(packet)).toEqual(layers);
  expect(started).toHaveLength(1);
  await inspector.close();
});

test('after a failure none is started for a while, so that a packet that ends it does not start one after another', async () => {
  const {inspector, started} = inspectorOf((_, process) => process.end({killedBy: 'SIGSEGV'}), {rest: 60_000});
  await expect(inspector.explain(packet)).rejects.toThrow('SIGSEGV');
  await expect(inspector.explain(packet)).rejects.toThrow('failed; try again in 60 s');
  inspector.prepare();
  expect(started).toHaveLength(1);
  await inspector.close();
});

test('questions that wait are bounded', async () => {
  const {inspector, started} = inspectorOf(() => {});
  const asked = Array.from({length: 9}, () => inspector.explain(packet));
  await expect(asked[8]).rejects.toThrow('8 questions wait');
  expect(started[0]?.asked).toHaveLength(8);
  const rest = Promise.allSettled(asked);
  await inspector.close();
  expect((await rest).every(({status}) => status === 'rejected')).toBe(true);
});

test('one that nobody asks is ended, and the next question starts another', async () => {
  const {inspector, started} = inspectorOf(answers, {idle: 5});
  await inspector.explain(packet);
  await started[0]?.exited;
  expect(started[0]).toMatchObject({finished: true, killed: false});
  expect(await inspector.explain(packet)).toEqual(layers);
  expect(started).toHaveLength(2);
  await inspector.close();
});

test('a process that cannot be started is told when something is asked, not with the key before', async () => {
  const inspector = new PacketInspector({
    launch: () => {
      throw new Error('spawn ENOMEM');
    },
  });
  expect(() => inspector.prepare()).not.toThrow();
  await expect(inspector.explain(packet)).rejects.toThrow('spawn ENOMEM');
});
