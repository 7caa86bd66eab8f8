import {ByteReader, ByteWriter, FrameError} from './bytes.ts';

/** Counts the words that were held against it, and not known already. */
class CountedForm extends RegExp {
  tested = 0;

  override test(text: string): boolean {
    this.tested++;
    return super.test(text);
  }
}

/** Gives how many of the words were held against the form. */
function read(words: readonly string[], form: CountedForm): number {
  const before = form.tested;
  const writer = new ByteWriter();
  for (const word of words) writer.text(word);
  const reader = new ByteReader(writer.take());
  for (const word of words) expect(reader.word(64, form)).toBe(word);
  reader.end();
  return form.tested - before;
}

test('a word that had its form is not held against it again, and a sender of ever new ones fills no memory', () => {
  const form = new CountedForm('^[a-z]+\\d*$');
  const words = Array.from({length: 3_000}, (_, at) => `word${at}`);
  expect(read(['usual', 'usual'], form)).toBe(1);
  expect(read(words, form)).toBe(words.length);
  const remembered = words.length - read(words, form);
  expect(remembered).toBeGreaterThan(500);
  expect(remembered).toBeLessThanOrEqual(1024);
  // No more with time, and what was known before stays known.
  expect(words.length - read(words, form)).toBe(remembered);
  expect(read(['usual'], form)).toBe(0);
});

test('a word without its form is refused each time, also where another form takes it', () => {
  const [letters, digits] = [new CountedForm('^[a-z]+$'), new CountedForm('^\\d+$')];
  expect(read(['12'], digits)).toBe(1);
  for (let round = 1; round <= 3; round++) {
    expect(() => read(['12'], letters)).toThrow(FrameError);
    expect(letters.tested).toBe(round);
  }
});

test.each([
  ['', ''],
  ['GET www.example.org/a/rather/long/path/that/is/remembered/nowhere → 200', undefined],
  [
    'é, 漢, 😀 and a lone half are written as an encoder does: \ud83d',
    'é, 漢, 😀 and a lone half are written as an encoder does: �',
  ],
  [
    'a long text with what a terminal would obey is told otherwise → \u001b[2J',
    'a long text with what a terminal would obey is told otherwise → ␛[2J',
  ],
  [
    'a long text whose arrow is cut, and with what turns a line round →\u202e',
    'a long text whose arrow is cut, and with what turns a line round →�',
  ],
])('a line comes over as it is, but safe to show: %j', (text, shown = text) => {
  const writer = new ByteWriter();
  writer.text(text);
  const reader = new ByteReader(writer.take());
  expect(reader.line(4_096)).toBe(shown);
  reader.end();
});

test('bytes that are no text are told as such, half an arrow too', () => {
  const bytes = Buffer.from([...Buffer.from('x'.repeat(60)), 0xe2, 0x86]);
  const reader = new ByteReader(Buffer.concat([Buffer.from([bytes.length, 0]), bytes]));
  expect(reader.line(4_096)).toBe(`${'x'.repeat(60)}�`);
});
