import type {RawPacket} from '../backend.ts';
import {FrameError} from '../bytes.ts';
import type {ExplainedLayer} from '../explained.ts';
import type {Answer, Message} from '../messages.ts';
import type {SensorProcess} from '../sensor-process.ts';
import {type Question, writeQuestion} from './question.ts';

/** Why there is no answer, in words for the user. */
export class InspectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InspectionError';
  }
}

/** The process as it is seen from here; SensorProcess is one. */
export type InspectorProcess = Pick<SensorProcess, 'ask' | 'messages' | 'finish' | 'kill' | 'exited'>;

export interface PacketInspectorOptions {
  /** Starts the process that answers, for instance with launchSensor. */
  launch(): InspectorProcess;
  /** Milliseconds that the process may take for an answer, its start included. Default: 5,000. */
  readonly patience?: number;
  /** Milliseconds without a question after which it is ended. Default: 30,000. */
  readonly idle?: number;
  /** Milliseconds that none is started after one failed. Default: 3,000. */
  readonly rest?: number;
}

/** A screen has one packet open and one filter set. */
const mostWaiting = 8;

interface Waiting {
  readonly type: Question['type'];
  resolve(answer: Answer): void;
  reject(error: InspectionError): void;
}

/**
 * What the main process knows of the bytes of packets it shows: they are hostile, so a process without any right reads
 * them. It is started when it is first asked and ended when nobody asks any more. One that takes too long, ends, or
 * breaks its protocol is killed; what waited for it rejects with an InspectionError, and the next question starts another.
 *
 * @example
 * const inspector = new PacketInspector({launch: () => launchSensor({mode: 'inspect', user: 'nobody'}, log)});
 * await inspector.explain(packet); // [{layer: 'ethernet', start: 0, length: 14, fields: [...]}, ...]
 */
export class PacketInspector {
  readonly #options: PacketInspectorOptions;
  readonly #waiting = new Map<number, Waiting>();
  #process: InspectorProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #restUntil = 0;
  #isClosed = false;

  constructor(options: PacketInspectorOptions) {
    this.#options = options;
  }

  /** The decode tree of a packet, of its first 512 bytes. */
  async explain(packet: RawPacket): Promise<readonly ExplainedLayer[]> {
    const answer = await this.#ask(number => ({type: 'explain', number, packet}));
    return answer.type === 'tree' ? answer.layers : [];
  }

  /** Which of at most 200 packets a filter in tcpdump's language accepts, in their order. The filter is known to be right. */
  async match(filter: string, packets: readonly RawPacket[]): Promise<readonly boolean[]> {
    const answer = await this.#ask(number => ({type: 'match', number, filter, packets}));
    return answer.type === 'matches' ? answer.accepted : [];
  }

  /** To be called when a question is likely to come soon: starting the process takes longer than the answer. */
  prepare(): void {
    if (this.#isClosed || performance.now() < this.#restUntil) return;
    try {
      this.#running();
    } catch {
      // It is told when something is asked.
      return;
    }
    if (this.#waiting.size === 0) this.#endSoon();
  }

  /** Ends the process. What waits rejects, as does what is asked from now on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const process = this.#process;
    this.#lose(process, 'the program is ending');
    await process?.exited;
  }

  #ask(questionOf: (number: number) => Question): Promise<Answer> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(new InspectionError(refusal));
    const process = this.#running();
    const question = questionOf(++this.#last);
    const {type, number} = question;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, {type, resolve, reject});
      process.ask(writeQuestion(question));
      if (this.#waiting.size === 1) this.#watch(process);
    });
  }

  #refusal(): string | undefined {
    if (this.#isClosed) return 'the program is ending';
    if (this.#waiting.size >= mostWaiting) return `${mostWaiting} questions wait for an answer already`;
    const rest = Math.ceil((this.#restUntil - performance.now()) / 1000);
    return rest > 0 ? `the decoder failed; try again in ${rest} s` : undefined;
  }

  #running(): InspectorProcess {
    if (this.#process) return this.#process;
    const process = this.#options.launch();
    this.#process = process;
    void this.#listen(process);
    return process;
  }

  /** From each answer to the next one. */
  #watch(process: InspectorProcess): void {
    const {patience = 5_000} = this.#options;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#fail(process, `the decoder gave no answer within ${patience / 1000} s`);
    }, patience);
  }

  #endSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#process?.finish();
      this.#process = undefined;
    }, this.#options.idle ?? 30_000);
  }

  async #listen(process: InspectorProcess): Promise<void> {
    let why = '';
    try {
      for await (const message of process.messages()) {
        if (message.type === 'status') why = message.status.detail;
        else this.#take(process, message);
      }
    } catch (error) {
      why = error instanceof FrameError ? `it broke its protocol: ${error.message}` : String(error);
    }
    const {status, killedBy} = await process.exited;
    const words = why === '' ? '' : `: ${why}`;
    this.#fail(process, `the decoder ended (${killedBy ?? `status ${status}`})${words}`);
  }

  #take(process: InspectorProcess, message: Message): void {
    // Killed or ended meanwhile: nobody waits for it any more.
    if (process !== this.#process) return;
    if (message.type !== 'tree' && message.type !== 'matches' && message.type !== 'unanswered') {
      throw new FrameError(`Expected an answer, got ${message.type}.`);
    }
    const waiting = this.#waiting.get(message.question);
    const fits = {explain: 'tree', match: 'matches'} as const;
    if (!waiting || (message.type !== 'unanswered' && message.type !== fits[waiting.type])) {
      throw new FrameError(`Expected the answer to a question, got ${message.type} to number ${message.question}.`);
    }
    this.#waiting.delete(message.question);
    if (this.#waiting.size > 0) this.#watch(process);
    else this.#endSoon();
    if (message.type === 'unanswered') waiting.reject(new InspectionError(`the decoder met an error: ${message.why}`));
    else waiting.resolve(message);
  }

  #fail(process: InspectorProcess, why: string): void {
    if (process !== this.#process) return;
    this.#restUntil = performance.now() + (this.#options.rest ?? 3_000);
    this.#lose(process, why);
  }

  #lose(process: InspectorProcess | undefined, why: string): void {
    clearTimeout(this.#timer);
    this.#process = undefined;
    process?.kill();
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const {reject} of lost) reject(new InspectionError(why));
  }
}
