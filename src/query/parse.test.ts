import {bind} from './bind.ts';
import {type Expression, QueryError} from './expression.ts';
import {parse} from './parse.ts';
import {renderQueryError} from './render-error.ts';
import {longestExpression} from './token.ts';

/** The tree as text, so that an expectation can be read. */
function shape(expression: Expression | undefined): string {
  switch (expression?.type) {
    case undefined:
      return '';
    case 'and':
    case 'or':
      return `(${expression.terms.map(shape).join(` ${expression.type} `)})`;
    case 'not':
      return `not ${shape(expression.term)}`;
    case 'text':
      return expression.quoted ? `"${expression.text}"` : expression.text;
    case 'field': {
      const values = [expression.value, ...(expression.alternatives ?? [])];
      return `${expression.name}${expression.comparison}${values.map(value => (expression.quoted ? `"${value}"` : value)).join(',')}`;
    }
    default:
      return expression satisfies never;
  }
}

test.each([
  ['', ''],
  ['a b', '(a and b)'],
  ['a or b c', '(a or (b and c))'],
  ['a AND not b Or c', '((a and not b) or c)'],
  ['(a or b) c', '((a or b) and c)'],
  ['not not a', 'not not a'],
  ['-user:backup sshd', '(not user=backup and sshd)'],
  ['-(a or b)', 'not (a or b)'],
  ['level>=warning', 'level>=warning'],
  ['level >= warning', 'level>=warning'],
  ['code:4624,4625', 'code=4624,4625'],
  ['code!=1', 'code!=1'],
  ['user:"a b"', 'user="a b"'],
  ['user:"say \\"hi\\" C:\\\\x C:\\dir"', 'user="say "hi" C:\\x C:\\dir"'],
  ['"and" "or"', '("and" and "or")'],
  ['time 10:00:01 ::1', '(time and 10:00:01 and ::1)'],
  ['user:""', 'user=""'],
  ['src.ip:fe80::/10', 'src.ip=fe80::/10'],
  ['winlog.event_data.Image:*\\cmd.exe', 'winlog.event_data.Image=*\\cmd.exe'],
  ['web* --flag -', '(web* and --flag and -)'],
])('%s is read as %s', (text, expected) => {
  expect(shape(parse(text))).toBe(expected);
});

test('the same field twice side by side means either, a written and means both', () => {
  expect(shape(parse('source:sshd level>=warning source:sudo'))).toBe(
    '((source=sshd or source=sudo) and level>=warning)',
  );
  expect(shape(parse('source:sshd and source:sudo'))).toBe('(source=sshd and source=sudo)');
  expect(shape(parse('code>5 code<9'))).toBe('(code>5 and code<9)');
  expect(shape(parse('-source:sshd -source:sudo'))).toBe('(not source=sshd and not source=sudo)');
  expect(shape(parse('user:"a*",b* user:c'))).toBe('((user=b* or user="a*") or user=c)');
});

test.each([
  ['(a', 0, /closing \)/],
  ['a)', 1, /closes nothing/],
  ['a "b', 2, /closing "/],
  ['source:', 7, /value after source:/],
  ['code:1,', 7, /after the comma/],
  ['a or', 4, /got the end/],
  ['or b', 0, /got or.*"or"/],
  ['a and and b', 6, /got and/],
  ['()', 1, /got \)/],
  ['level>1,2', 0, /one value/],
])('%s is refused at character %d', (text, at, message) => {
  const error = errorOf(text);
  expect(error.at).toBe(at);
  expect(error.message).toMatch(message);
});

test('what a field cannot be compared with is refused at its place', () => {
  expect(errorOf('x level>=warnin').message).toMatch(/Expected a level \(emergency.*got "warnin"/);
  expect(errorOf('x level>=warnin').at).toBe(2);
  expect(errorOf('code:abc').message).toMatch(/Expected a number for event.code/);
  expect(errorOf('src.ip:10.0.0.0/99').message).toMatch(/block such as 10.0.0.0\/8/);
  expect(errorOf('time:10:00').message).toMatch(/compared by </);
  expect(errorOf('fa*l').message).toMatch(/message:\*part\*/);
});

test('an unknown field is told with near names, a dotted one is looked up in the event', () => {
  expect(errorOf('sourc:sshd').message).toMatch(/"sourc"\. Did you mean source/);
  expect(errorOf('zzzzzz:1').message).toMatch(/There are: .*level.*user/);
  expect(() => bound('winlog.event_data.Image:x')).not.toThrow();
});

test('the caret stands under the wrong character, also after wide ones and in a long text', () => {
  const wide = renderQueryError('漢字 source:', errorOf('漢字 source:')).split('\n');
  expect(wide[1]).toBe(`${' '.repeat(12)}^`);
  const long = `${'a '.repeat(200)}(b`;
  const [shown = '', caret = ''] = renderQueryError(long, errorOf(long)).split('\n');
  expect(shown.length).toBeLessThan(110);
  expect(shown[caret.length - 1]).toBe('(');
});

test('depth, length and number of terms are bounded', () => {
  expect(() => parse(`${'('.repeat(60)}a${')'.repeat(60)}`)).toThrow(/at most 50 levels/);
  expect(() => parse(`${'not '.repeat(60)}a`)).toThrow(/at most 50 levels/);
  expect(() => parse('a '.repeat(400))).toThrow(/at most 300 terms/);
  expect(() => parse(`code:${'1,'.repeat(400)}1`)).toThrow(/at most 300/);
  expect(() => parse('a'.repeat(longestExpression + 1))).toThrow(/at most 4096 characters/);
});

test('no text makes the parser fail in any way but a QueryError within the text', () => {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pieces = [
    '(',
    ')',
    '"',
    '-',
    ':',
    '=',
    '!=',
    '<',
    '>=',
    ',',
    '*',
    ' ',
    'and ',
    'or ',
    'not ',
    'level',
    'src.ip',
    'é',
    '\\',
    '10.0.0.0/8',
    '\u0000',
    '\ud800',
    'a',
  ];
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from(
      {length: Math.floor(random() * 25)},
      () => pieces[Math.floor(random() * pieces.length)],
    ).join('');
    try {
      bound(text);
    } catch (error) {
      if (!(error instanceof QueryError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`);
      expect(error.at).toBeGreaterThanOrEqual(0);
      expect(error.at).toBeLessThanOrEqual(text.length);
    }
  }
});

function bound(text: string): unknown {
  const expression = parse(text);
  return expression && bind(expression, 'logs', {now: 0, utc: true});
}

function errorOf(text: string): QueryError {
  try {
    bound(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}
