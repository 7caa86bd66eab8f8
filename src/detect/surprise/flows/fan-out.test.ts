import {day, hour, second} from '../../../event/clock.ts';
import type {FlowEvent, Micros} from '../../../event/event.ts';
import {FanOut, type Spread} from './fan-out.ts';
import {generatedFlow} from './generated-flow.ts';
import {Site} from './site.ts';

const start = 1_700_006_400_000_000;
const own = '10.0.0.5';

/** One source that tries so many places, a few a second. */
function tries(from: Micros, count: number, sourceIp = own, state: FlowEvent['state'] = 'S0'): FlowEvent[] {
  return Array.from({length: count}, (_, at) =>
    generatedFlow({
      time: from + (at * second) / 5,
      sourceIp,
      destinationIp: `10.0.0.${10 + (at % 100)}`,
      destinationPort: 1 + Math.floor(at / 100),
      state,
      bytesIn: state === 'SF' ? 600 : 0,
    }),
  );
}

function told(to: FanOut, flows: readonly FlowEvent[]): Spread[] {
  return flows.flatMap(flow => to.add(flow) ?? []);
}

/** Three days on which the machine fails to reach a few places each hour, and strangers sweep forty ports. */
function settled(): FanOut {
  const fanOut = new FanOut(new Site());
  for (let at = start; at < start + 3 * day; at += hour) {
    expect(told(fanOut, [...tries(at, 12), ...tries(at + 60 * second, 40, `203.0.113.${(at / hour) % 200}`)])).toEqual(
      [],
    );
  }
  return fanOut;
}

const later = start + 3 * day;

test('a source inside that tries many more places in vain than it did lately is told, with the numbers', () => {
  expect(told(settled(), tries(later, 60))[0]).toEqual({places: 31, most: expect.closeTo(12, 0)});
});

test('what it tries with success is nothing, and a few in vain neither', () => {
  expect(told(settled(), tries(later, 60, own, 'SF'))).toEqual([]);
  expect(told(settled(), tries(later, 30))).toEqual([]);
});

test('strangers are measured by what strangers do', () => {
  expect(told(settled(), tries(later, 60, '198.51.100.7'))).toEqual([]);
  expect(told(settled(), tries(later, 200, '198.51.100.7'))[0]?.places).toBe(81);
});

test('an address outside that is there all day has habits of its own', () => {
  const fanOut = settled();
  for (let at = later; at < later + day; at += hour) told(fanOut, tries(at, 3, '198.51.100.9'));
  expect(told(fanOut, tries(later + day, 60, '198.51.100.9'))[0]?.places).toBe(31);
});

test('on the first day nothing is told, for nothing is known', () => {
  expect(told(new FanOut(new Site()), tries(start, 500))).toEqual([]);
});

test('what is usual outlives a restart', () => {
  const after = new FanOut(new Site());
  after.restore(JSON.parse(JSON.stringify(settled().snapshot())));
  expect(told(after, tries(later, 60))[0]?.places).toBe(31);
});
