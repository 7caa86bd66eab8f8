/** The engine could not start or had to stop: the store is busy, a folder may not be opened. */
export class EngineError extends Error {
  readonly mend: string | undefined;

  constructor(message: string, mend: string | undefined) {
    super(message);
    this.name = 'EngineError';
    this.mend = mend;
  }
}
