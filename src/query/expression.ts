/** How a field is compared. `=` on text is without case and honours `*` and `?`; on an IP field it takes a CIDR. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * A parsed filter: `level>=warning source:sshd src.ip:10.0.0.0/8 -user:backup "failed password" host:web*`. Positions
 * (`at`, `end`) are character offsets into the text, so that an error found later still points at its cause.
 */
export type Expression =
  | {readonly type: 'and' | 'or'; readonly terms: readonly Expression[]}
  | {readonly type: 'not'; readonly term: Expression}
  | {
      readonly type: 'field';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: string;
      /** Several values joined by commas, any of which may match: `event.code:4624,4625`. */
      readonly alternatives?: readonly string[];
      readonly quoted: boolean;
      readonly at: number;
      readonly end: number;
    }
  | {
      /** Words to find in the message: all, next to each other, in this order, without case; `*` at a word's end. */
      readonly type: 'text';
      readonly text: string;
      readonly quoted: boolean;
      readonly at: number;
      readonly end: number;
    };

/** A wrong expression: says what was expected and points at the character. */
export class QueryError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = 'QueryError';
    this.at = at;
  }
}
