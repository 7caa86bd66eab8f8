import {hash32} from '../surprise/flows/hash.ts';
import {DistinctCount} from './distinct-count.ts';

test('few are counted exactly, many a little low, none twice', () => {
  const count = new DistinctCount();
  for (let name = 0; name < 64; name++) count.add(hash32(`name ${name}`));
  expect(count.count).toBe(64);
  for (let name = 0; name < 1_000; name++) count.add(hash32(`name ${name}`));
  const reached = count.count;
  expect(reached).toBeGreaterThan(900);
  expect(reached).toBeLessThanOrEqual(1_000);
  for (let name = 0; name < 1_000; name++) count.add(hash32(`name ${name}`));
  expect(count.count).toBe(reached);
});
