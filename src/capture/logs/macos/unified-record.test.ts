import {readUnifiedLine} from './unified-record.ts';

const record = {
  timestamp: '2026-11-22 02:00:01.123456-0800',
  eventType: 'logEvent',
  machTimestamp: 5,
  eventMessage: 'a "traceID":12345678901234567890, b',
};

test('a line is a message whose time has its zone and microseconds', () => {
  const time = Date.UTC(2026, 10, 22, 10, 0, 1) * 1000 + 123_456;
  expect(readUnifiedLine(JSON.stringify(record))).toEqual({kind: 'message', time, record});
});

test('numbers beyond doubles stay exact, and a message that looks like one stays as it is', () => {
  const line = JSON.stringify(record).replace('"machTimestamp":5', '"machTimestamp":18446744073709551615');
  expect(readUnifiedLine(line)).toMatchObject({record: {...record, machTimestamp: '18446744073709551615'}});
});

test.each([
  ['Filtering the log data using "x"', 'none'],
  ['{"count":3,"finished":1}', 'none'],
  ['{"eventType":"logEvent"}', 'unparsable'],
  ['{"timestamp":5}', 'unparsable'],
  ['[]', 'unparsable'],
  ['{', 'unparsable'],
])('%j is %s', (line, kind) => {
  expect(readUnifiedLine(line)).toEqual({kind});
});

test('a line that was cut or changed anywhere is told as something, and never throws', () => {
  const line = JSON.stringify(record);
  for (let at = 0; at < line.length; at++) {
    expect(readUnifiedLine(line.slice(0, at)).kind).toBe('unparsable');
    for (const character of ['"', '\\', '0', '{', '\u0000']) {
      expect(typeof readUnifiedLine(line.slice(0, at) + character + line.slice(at + 1)).kind).toBe('string');
    }
  }
});
