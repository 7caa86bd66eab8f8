import {day, hour, minute, second} from '../../../event/clock.ts';
import type {Alert, LogEvent, MetricEvent, Micros} from '../../../event/event.ts';
import {Levels} from '../../../event/level.ts';
import {seededRandom} from '../seeded-random.ts';
import {MetricSurprise} from './metric-surprise.ts';

const start = Date.UTC(2026, 0, 5) * 1_000;
const origin = {agent: 'a', host: 'web1', source: 'system', epoch: '1', dataset: 'system'};
const step = 10 * second;

function metric(value: number, time: Micros, name = 'cpu.total', unit = 'percent'): MetricEvent {
  return {kind: 'metric', origin, position: time, time, ingested: time, name, value, max: value, unit};
}

function entry(time: Micros, provider = 'sshd'): LogEvent {
  return {
    kind: 'log',
    origin,
    position: time,
    time,
    ingested: time,
    level: Levels.information,
    code: 0,
    provider,
    message: 'x',
  };
}

function detector(risk = 1e-4): MetricSurprise {
  return new MetricSurprise({risk: () => risk});
}

/** Feeds a point each ten seconds and gives the alerts. */
function feed(to: MetricSurprise, from: Micros, length: Micros, value: (time: Micros) => number): Alert[] {
  const found: Alert[] = [];
  for (let time = from; time < from + length; time += step) found.push(...to.onEvents([metric(value(time), time)]));
  return found;
}

function noise(seed: number): () => number {
  const random = seededRandom(seed);
  return () => random() + random() + random() - 1.5;
}

test('it is quiet while it learns, whatever comes', () => {
  const random = seededRandom(1);
  expect(feed(detector(), start, hour, () => random() * 100)).toEqual([]);
  expect(feed(detector(), start, hour, time => (time < start + 30 * minute ? 3 : 97))).toEqual([]);
});

test('a level that moves for good is one alert, which says what was expected and what came', () => {
  const surprise = detector();
  const wobble = noise(2);
  expect(feed(surprise, start, 6 * hour, () => 12 + 2 * wobble())).toEqual([]);
  const alerts = feed(surprise, start + 6 * hour, 2 * hour, () => 85 + 2 * wobble());
  expect(alerts).toHaveLength(1);
  const [alert] = alerts;
  expect(alert).toMatchObject({
    rule: {id: 'surprise.metric', category: 'Performance'},
    host: 'web1',
    entity: 'web1/cpu.total',
    count: 1,
    event: {kind: 'metric', name: 'cpu.total'},
  });
  expect((alert?.time ?? 0) - (start + 6 * hour)).toBeLessThan(10 * minute);
  expect(alert?.reason).toMatch(
    /^cpu\.total on web1 was higher than expected: \d+ %, \d+ % on average over the last \d+ minutes\./,
  );
  expect(alert?.reason).toMatch(/Expected: [\d.]+–[\d.]+ % \(\d+ %\)/);
  expect(alert?.reason).toMatch(/surprise of [\d.]+ nats where [\d.]+ are the limit, and /);
  expect(String(alert?.fields?.['surprise.last']).split(' → ')).toHaveLength(10);
  expect(Object.keys(alert?.fields ?? {}).sort()).toEqual([
    'surprise.agreed',
    'surprise.expected',
    'surprise.last',
    'surprise.nats',
    'surprise.threshold',
  ]);
});

test('a daily course is learned: the rise of the sixth morning is no news, a busy night is', () => {
  const surprise = detector(2.5e-5);
  const wobble = noise(3);
  const course = (time: Micros): number => {
    const hours = (time % day) / hour;
    return (hours >= 8 && hours < 18 ? 60 : 10) + 3 * wobble();
  };
  feed(surprise, start, 5 * day, course);
  expect(feed(surprise, start + 5 * day, day, course)).toEqual([]);
  feed(surprise, start + 6 * day, 3 * hour, course);
  const night = feed(surprise, start + 6 * day + 3 * hour, hour, () => 60 + 3 * wobble());
  expect(night.length).toBeGreaterThanOrEqual(1);
  expect(Math.floor(((night[0]?.time ?? 0) - 1) / hour) * hour).toBe(start + 6 * day + 3 * hour);
});

test('a rise that fails to come is told of, with what is usual for the time of the day', () => {
  const surprise = detector(1e-4);
  const wobble = noise(12);
  const course = (time: Micros): number => {
    const hours = (time % day) / hour;
    return (hours >= 8 && hours < 18 ? 60 : 10) + 3 * wobble();
  };
  feed(surprise, start, 6 * day + 8 * hour, course);
  const missing = feed(surprise, start + 6 * day + 8 * hour, 4 * hour, () => 10 + 3 * wobble());
  expect(missing.map(({reason}) => reason)).toEqual([
    expect.stringMatching(
      /^cpu\.total on web1 was lower than usual for the time of the day: [\d.]+ %, [\d.]+ % on average over the last 64 minutes\. Expected at this time of the day: 5\d–6\d % \(\d+ %\)/,
    ),
  ]);
  expect(missing[0]?.reason).toMatch(/are the limit, and it lasts; /);
});

test('what one cause moves in several metrics is one alert', () => {
  const surprise = detector();
  const wobble = noise(9);
  const all = (from: Micros, length: Micros, level: number): Alert[] => {
    const found: Alert[] = [];
    for (let time = from; time < from + length; time += step) {
      const names = ['cpu.total', 'cpu.core.0', 'cpu.core.1', 'memory.used'];
      const batch = names.map(name => metric((name === 'memory.used' ? 30 : level) + 2 * wobble(), time, name));
      found.push(...surprise.onEvents(batch));
    }
    return found;
  };
  all(start, 6 * hour, 10);
  expect(all(start + 6 * hour, hour, 80)).toHaveLength(1);
  expect(surprise.stats().suppressed).toBeGreaterThanOrEqual(1);
});

test('metrics that measure the same thing rest together for an hour, others do not', () => {
  const surprise = detector();
  const wobble = noise(11);
  const rises: Record<string, number> = {
    'memory.used': 12 * 60,
    'swap.used': 12 * 60 + 30,
    'disk./var.used': 12 * 60 + 30,
  };
  const found: Alert[] = [];
  for (let at = 0; at < 14 * 60; at++) {
    const batch = Object.entries(rises).map(([name, rise]) =>
      metric((at < rise ? 20 : 70) + 2 * wobble(), start + at * minute, name),
    );
    found.push(...surprise.onEvents(batch));
  }
  expect(found.map(({entity}) => entity)).toEqual(['web1/memory.used', 'web1/disk./var.used']);
});

test('steady noise gives about as few alerts as wanted', () => {
  const surprise = detector(1e-5);
  const wobble = noise(4);
  expect(feed(surprise, start, 4 * day, () => Math.max(0, 5 + 3 * wobble())).length).toBeLessThanOrEqual(2);
});

test('after a restart it goes on as if nothing had been', () => {
  const value = (seed: number): ((time: Micros) => number) => {
    const wobble = noise(seed);
    return time => (time < start + 7 * hour ? 20 : 70) + 4 * wobble();
  };
  const [first, second_] = [detector(), detector()];
  feed(first, start, 6 * hour, value(5));
  feed(second_, start, 6 * hour, value(5));
  const restored = detector();
  restored.restore(JSON.parse(JSON.stringify(second_.save())));
  const expected = feed(first, start + 6 * hour, 3 * hour, value(6));
  expect(expected.length).toBeGreaterThanOrEqual(1);
  expect(feed(restored, start + 6 * hour, 3 * hour, value(6))).toEqual(expected);
  expect(JSON.stringify(restored.save()).length).toBe(JSON.stringify(first.save()).length);
});

test('what the version before had learned is taken over, and state of another version is not', () => {
  const teacher = detector();
  const wobble = noise(14);
  feed(teacher, start, 6 * hour, () => 20 + 3 * wobble());
  const saved = JSON.parse(JSON.stringify(teacher.save()));
  for (const stream of saved.streams) stream[4].rest = [50, 99];
  const [pupil, stranger] = [detector(), detector()];
  pupil.restore({...saved, version: 2, hours: [], causes: [['metric web1', start + 6 * hour, 99]]});
  stranger.restore({...saved, version: 1});
  expect(pupil.stats().streamsReady).toBe(1);
  expect(stranger.stats().streams).toBe(0);
  expect(feed(pupil, start + 6 * hour, 30 * minute, () => 90 + 3 * wobble())).toHaveLength(1);
});

test('ten thousand names take the room of the first ones, and what is refused is counted', () => {
  const surprise = detector();
  for (let round = 0; round < 3; round++) {
    const batch = Array.from({length: 10_000}, (_, number) => metric(1, start + round * step, `made.up.${number}`));
    surprise.onEvents(batch);
  }
  expect(surprise.stats()).toMatchObject({streams: 150, refused: 3 * 9_850});
  surprise.onEvents([metric(1, start + day, 'new.one')]);
  expect(surprise.stats().streams).toBe(150);
  expect(surprise.stats().refused).toBe(3 * 9_850);
});

test('what is no number, comes out of order or from the future is left out and counted', () => {
  const surprise = detector();
  const wobble = noise(7);
  feed(surprise, start, 3 * hour, () => 30 + wobble());
  const before = JSON.stringify(surprise.save());
  const future = {...metric(30, start + 90 * day), ingested: start};
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(value =>
    metric(value, start + 3 * hour),
  );
  expect(surprise.onEvents([...odd, metric(99, start + hour), metric(30, Number.NaN), future])).toEqual([]);
  expect(surprise.stats().ignored).toBe(6);
  expect(JSON.parse(JSON.stringify(surprise.save())).streams).toEqual(JSON.parse(before).streams);
  const huge = feed(surprise, start + 3 * hour, 10 * minute, () => Number.MAX_VALUE);
  expect(huge).toHaveLength(1);
});

describe('hourly counts', () => {
  /** Entries of sshd spread over each hour, by how many an hour is to have; cron keeps the host watched. */
  function hours(to: MetricSurprise, first: number, counts: readonly number[]): Alert[] {
    const found: Alert[] = [];
    counts.forEach((count, at) => {
      const begin = start + (first + at) * hour;
      const times = Array.from({length: count}, (_, number) => begin + Math.floor(((number + 0.5) / count) * hour));
      const batch = [...times.map(time => entry(time)), ...beats(begin)].sort((a, b) => a.time - b.time);
      found.push(...to.onEvents(batch));
    });
    return found;
  }

  function beats(begin: Micros): LogEvent[] {
    return Array.from({length: 12}, (_, number) => entry(begin + number * 5 * minute, 'cron'));
  }

  function usual(length: number, seed: number): number[] {
    const random = seededRandom(seed);
    return Array.from({length}, () => 50 + Math.floor(20 * random()));
  }

  test('an hour without entries is told of once it is over', () => {
    const surprise = detector(1e-3);
    expect(hours(surprise, 0, usual(240, 1))).toEqual([]);
    const alerts = hours(surprise, 240, [0, 0, 55, 60]);
    expect(alerts.map(alert => [alert.rule.id, alert.rule.category, alert.entity])).toEqual([
      ['surprise.count', 'System Log', 'web1/sshd entries in system'],
    ]);
    expect(alerts[0]?.reason).toMatch(/^sshd entries in system on web1 was lower than expected: 0 an hour/);
    expect(alerts[0]?.reason).toMatch(/Expected: [\d–]+ an hour/);
    expect(alerts[0]?.time).toBe(start + 241 * hour);
  });

  test('a burst of entries is told of with its number', () => {
    const surprise = detector(1e-3);
    hours(surprise, 0, usual(240, 2));
    const alerts = hours(surprise, 240, [4_000, 55, 60]);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.reason).toMatch(/was higher than expected: 4,000 an hour/);
  });

  test('what chance adds to a few entries is no news, what it can not is', () => {
    const settled = () => {
      const surprise = detector(1e-3);
      const random = seededRandom(5);
      const few = Array.from({length: 240}, () => Math.floor(3 * random()));
      expect(hours(surprise, 0, few)).toEqual([]);
      return surprise;
    };
    expect(hours(settled(), 240, [6, 1, 0, 2, 7, 1])).toEqual([]);
    expect(hours(settled(), 240, [300, 1])).toHaveLength(1);
  });

  test('hours in which nothing watched are not hours without entries', () => {
    const surprise = detector(1e-3);
    hours(surprise, 0, usual(240, 3));
    expect(hours(surprise, 260, usual(10, 4))).toEqual([]);
  });
});

test('a baseline gives a new stream its shape, and its limit is still found here', () => {
  const teacher = detector();
  const wobble = noise(8);
  feed(teacher, start, 11 * hour, () => 20 + 3 * wobble());
  const baseline: unknown = JSON.parse(JSON.stringify(teacher.baselineOf()));
  const pupil = detector();
  expect(pupil.seed(baseline)).toBe(true);
  expect(pupil.seed({version: 9})).toBe(false);
  feed(pupil, start, minute, () => 20 + 3 * wobble());
  expect(pupil.stats()).toMatchObject({streams: 1, streamsReady: 0});
  const grids = (saved: unknown): unknown => JSON.parse(JSON.stringify(saved)).streams[0][4].model.scales[0].grid;
  expect(grids(pupil.save())).toEqual(grids(teacher.save()));
});
