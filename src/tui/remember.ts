/**
 * Keeps a pure function's last answers, a few, by the identity of their arguments: a chart whose samples did not change
 * since the last frame is not drawn again.
 */
export function remember<Arguments extends readonly unknown[], Result>(
  make: (...values: Arguments) => Result,
  keep = 4,
): (...values: Arguments) => Result {
  const answers: {readonly values: Arguments; readonly result: Result}[] = [];
  return (...values) => {
    for (const answer of answers) {
      if (sameValues(answer.values, values)) return answer.result;
    }
    const result = make(...values);
    answers.unshift({values, result});
    if (answers.length > keep) answers.pop();
    return result;
  };
}

function sameValues(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!Object.is(a[index], b[index])) return false;
  }
  return true;
}
