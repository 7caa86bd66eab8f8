import {type Change, changesOf, FrameBuilder, framesIn} from './frame.ts';

const changes: Change[] = [
  {sql: 'INSERT INTO a VALUES (?, ?, ?)', parameters: ['grüße 😀', null, 1_795_363_087_166_027]},
  {sql: 'CREATE TABLE b (x)', parameters: []},
  {sql: 'INSERT INTO a VALUES (?, ?, ?)', parameters: ['', -0.5, Uint8Array.of(0, 255, 7)]},
];

test('what goes into a frame comes out of it', () => {
  const [frame] = framesIn(frameOf(7, changes), 0).frames;
  expect(frame?.number).toBe(7);
  expect([...changesOf(frame?.body ?? Buffer.alloc(0))]).toEqual(changes);
});

test('a frame larger than the buffer is whole, and the builder serves again', () => {
  const builder = new FrameBuilder();
  const long = {sql: 'INSERT INTO a VALUES (?)', parameters: ['x'.repeat(300_000)]};
  builder.add(long.sql, long.parameters);
  const first = framesIn(Buffer.from(builder.finish(1)), 0).frames[0];
  expect([...changesOf(first?.body ?? Buffer.alloc(0))]).toEqual([long]);
  builder.clear();
  expect(builder.empty).toBe(true);
  builder.add('DELETE FROM a', []);
  const second = framesIn(Buffer.from(builder.finish(2)), 0).frames[0];
  expect([...changesOf(second?.body ?? Buffer.alloc(0))]).toEqual([{sql: 'DELETE FROM a', parameters: []}]);
});

test('cut at any byte, the frames before the cut are read and the rest is called torn', () => {
  const frames = [frameOf(1, changes), frameOf(2, changes.slice(0, 1)), frameOf(3, changes)];
  const all = Buffer.concat(frames);
  const ends = [0, 1, 2, 3].map(count => Buffer.concat(frames.slice(0, count)).length);
  for (let cut = 0; cut <= all.length; cut++) {
    const found = framesIn(all.subarray(0, cut), 0);
    const whole = ends.filter(end => end <= cut).length - 1;
    expect([found.frames.length, found.end]).toEqual([whole, ends[whole]]);
    expect(found.rest).toBe(ends.includes(cut) ? 'none' : 'torn');
  }
});

test('one flipped bit anywhere is noticed, and never read as something else', () => {
  const frames = [frameOf(1, changes), frameOf(2, changes), frameOf(3, changes)];
  const all = Buffer.concat(frames);
  const length = frames[0]?.length ?? 0;
  for (let at = 0; at < all.length; at += 3) {
    const bytes = Buffer.from(all);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    const found = framesIn(bytes, 0);
    expect(found.frames.map(frame => frame.number)).toEqual([1, 2].slice(0, Math.floor(at / length)));
    expect(found.rest).not.toBe('none');
  }
});

function frameOf(number: number, list: readonly Change[]): Buffer {
  const builder = new FrameBuilder();
  for (const {sql, parameters} of list) builder.add(sql, parameters);
  return Buffer.from(builder.finish(number));
}
