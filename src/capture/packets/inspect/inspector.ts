import {errorText} from '../../../event/error-code.ts';
import {FrameSplitter} from '../frame-splitter.ts';
import {giveUpPrivilege} from '../give-up-privilege.ts';
import {type Kernel, loadKernel} from '../kernel.ts';
import {failures, type Status} from '../messages.ts';
import {hasLooseCapabilities} from '../privilege.ts';
import type {InspectArguments} from '../sensor-arguments.ts';
import {Failure} from '../sensor-failure.ts';
import {SensorPipe} from '../sensor-pipe.ts';
import {startAfresh} from '../start-afresh.ts';
import {writeMessage} from '../write-message.ts';
import {Answerer} from './answer.ts';
import {readQuestion} from './question.ts';

/**
 * The inspector process: gives up every privilege, then answers what it is asked about packets, in the order of the
 * questions, until the pipe is closed. Ends the process.
 */
export async function runInspector(args: InspectArguments): Promise<void> {
  const loaded = await loadKernel();
  const kernel = 'missing' in loaded ? undefined : loaded;
  if (kernel && !args.afresh && hasLooseCapabilities()) startAfresh(kernel, {...args, afresh: true}, []);
  const pipe = new SensorPipe();
  const status = refusal(kernel, args.user);
  if (status) {
    pipe.write(writeMessage({type: 'status', status}));
    await pipe.close();
    process.exit(failures[status.code ?? 'unexpected']);
  }
  const answerer = new Answerer();
  const splitter = new FrameSplitter();
  pipe.onBytes(bytes => {
    for (const frame of splitter.push(bytes)) pipe.write(writeMessage(answerer.answer(readQuestion(frame))));
  });
  await pipe.finished;
  process.exit(0);
}

/** Why hostile bytes must not be read here; undefined where every privilege is gone. */
function refusal(kernel: Kernel | undefined, user: string): Status | undefined {
  try {
    giveUpPrivilege(kernel, user);
    return undefined;
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'unexpected';
    return {state: 'failed', code, detail: errorText(error)};
  }
}
