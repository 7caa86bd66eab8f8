/** Why a document is no rule that can run: where, and what was expected and found. */
export class RuleError extends Error {
  /** Line in the file, from 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
