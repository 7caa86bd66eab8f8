import {Progress} from './progress.ts';

test('progress tells the part that was read, the rate and the time that is left', () => {
  const lines: string[] = [];
  let now = 0;
  const targets = [1_000, 3_000].map((bytes, number) => ({path: `f${number}`, bytes, isNamed: true, number}));
  const progress = new Progress(
    targets,
    line => lines.push(line),
    () => now,
  );
  now = 2_000;
  progress.read(1, 1_000, 5_000);
  now = 2_100;
  progress.read(1, 1_500, 100);
  now = 130_000;
  for (const target of targets.slice(0, 1)) progress.done(target);
  now = 140_000;
  progress.read(1, 999_999, 0);
  expect(lines).toEqual([
    ' 25 %  0 of 2 files, 5,000 events, 2,500 a second, 0:06 left',
    ' 62 %  1 of 2 files, 5,100 events, 39 a second, 1:18 left',
    ' 99 %  1 of 2 files, 5,100 events, 36 a second, 0:02 left',
  ]);
});
