import type {FailureCode} from './messages.ts';

/** A reason to leave that the engine is told, with its exit code. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly mend: string | undefined;

  constructor(code: FailureCode, message: string, mend?: string) {
    super(message);
    this.code = code;
    this.mend = mend;
  }
}
