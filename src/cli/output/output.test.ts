import {cellWidth} from '../../event/cell-width.ts';
import type {QueryRow} from '../../query/request.ts';
import {csvCell} from './csv.ts';
import {cellText} from './table.ts';
import {type Column, type OutputForm, rowWriter} from './writer.ts';

const columns: readonly Column[] = [
  {name: '@timestamp', title: 'time'},
  {name: 'event.code', title: 'event id', align: 'right'},
  {name: 'message', title: 'message'},
];
const rows: readonly QueryRow[] = [
  {'@timestamp': '2026-11-22T10:00:00.123456Z', 'event.code': 7, message: 'a\tb\u001b[2J', 'user.name': 'x'},
  {'@timestamp': '2026-11-22T10:00:01.000Z', 'event.code': 4624, message: '漢字, "quoted" and long enough to be cut'},
];

function written(form: OutputForm, width?: number, picked?: readonly string[]): string {
  const writer = rowWriter(form, columns, picked, {width, colour: false, utc: true});
  return [writer.begin(rows), ...rows.map(row => writer.row(row)), writer.end()].join('');
}

test('a table is aligned, on one line a row, and shows nothing that a terminal would obey', () => {
  expect(written('table')).toBe(
    [
      'time                      event id  message',
      '2026-11-22 10:00:00.123Z         7  a␉b␛[2J',
      '2026-11-22 10:00:01.000Z      4624  漢字, "quoted" and long enough to be cut',
      '',
    ].join('\n'),
  );
});

test('on a terminal no line is wider than it, counting wide characters twice', () => {
  for (const width of [50, 68])
    for (const line of written('table', width).trimEnd().split('\n'))
      expect(cellWidth(line)).toBeLessThanOrEqual(width);
  expect(written('table', 68)).toContain('漢字, "quoted" and long enough …');
});

test('where the last column would have too little room it stands below, whole', () => {
  const [head, below, , , row, text] = written('table', 50).split('\n');
  expect([head, below]).toEqual([expect.stringMatching(/^time +event id$/), '    message']);
  expect([row, text]).toEqual([expect.stringMatching(/ 4624$/), '    漢字, "quoted" and long enough to be cut']);
});

test('a table that goes on has room for what has not come yet', () => {
  const writer = rowWriter('table', columns, undefined, {width: 60, colour: false, utc: true});
  writer.begin([], true);
  expect(rows.map(row => writer.row(row)).join('')).toBe(
    '2026-11-22 10:00:00.123Z         7  a␉b␛[2J\n2026-11-22 10:00:01.000Z      4624  漢字, "quoted" and long…\n',
  );
});

test('JSON is whole or picked, ndjson a line a row', () => {
  expect(JSON.parse(written('json'))).toEqual(rows);
  expect(
    written('ndjson')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toEqual(rows);
  expect(written('ndjson', undefined, ['user.name', '@timestamp']).split('\n')[0]).toBe(
    '{"user.name":"x","@timestamp":"2026-11-22T10:00:00.123456Z"}',
  );
});

test('CSV quotes what needs it and has a header of field names', () => {
  expect(written('csv').split('\r\n')).toEqual([
    '@timestamp,event.code,message',
    '2026-11-22T10:00:00.123456Z,7,a\tb␛[2J',
    '2026-11-22T10:00:01.000Z,4624,"漢字, ""quoted"" and long enough to be cut"',
    '',
  ]);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\tx', "'\tx"],
  ['\rx', `"'\rx"`],
  ['  =1', "'  =1"],
  ['=a,b', `"'=a,b"`],
  ['a=1', 'a=1'],
])('a CSV cell %j that a spreadsheet would run is made text', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('numbers in a CSV stay numbers', () => {
  expect(csvCell(-5)).toBe('-5');
});

test('a time in a table is in the zone of the machine unless UTC is asked for', () => {
  const local = new Date(2026, 6, 1, 9, 5, 7);
  expect(cellText(local.toISOString(), false)).toBe('2026-07-01 09:05:07.000');
});
