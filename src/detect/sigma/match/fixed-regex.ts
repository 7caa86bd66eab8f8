const plainPiece = /(?:\\[sdw]|\\[.\-\\/[\](){}^$*+?|]|\[[^\]\\[^]+\]|[^\\.^$*+?()[\]{}|])(?:\{\d{1,3}\})?/y;
/** What a hostile value can cost is its length times this. */
const longest = 128;

/**
 * An expression whose matches all have one length and that leaves nothing to choose: characters, classes of characters
 * and `{n}`. Such a one the engine's own expressions match in steps of at most the text's length times its own, and
 * quicker than one in script. Undefined for any other, and for what the two dialects do not read alike.
 */
export function fixedRegex(expression: string, flags: string): RegExp | undefined {
  if (flags !== '') return undefined;
  let source = '';
  let length = 0;
  plainPiece.lastIndex = 0;
  while (plainPiece.lastIndex < expression.length) {
    const piece = plainPiece.exec(expression)?.[0];
    if (piece === undefined || /[^ -~]/.test(piece)) return undefined;
    length += Number(/\{(\d+)\}$/.exec(piece)?.[1] ?? 1);
    // RE2's \s is ASCII's white space without \v.
    source += piece.startsWith('\\s') ? `[\\t\\n\\f\\r ]${piece.slice(2)}` : piece;
  }
  return length <= longest ? new RegExp(source) : undefined;
}
