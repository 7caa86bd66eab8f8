import type {QueryRow} from '../../query/request.ts';
import {contextLines} from './detail-context.ts';

test('stored rows become lines, and the event that set the alert off is marked', () => {
  const rows: QueryRow[] = [
    {'event.id': 'a', '@timestamp': '2024-09-25T01:38:01.000250Z', 'log.level': 'warning', message: 'one'},
    {'event.id': 'b', '@timestamp': '2024-09-25T01:38:02.000Z', 'log.level': 'error', 'event.provider': 'sshd'},
  ];
  const start = Date.UTC(2024, 8, 25, 1, 38, 1) * 1000;
  expect(contextLines(rows, {event: {'event.id': 'b'}})).toEqual([
    {time: start + 250, level: 4, provider: '', message: 'one', trigger: false},
    {time: start + 1_000_000, level: 3, provider: 'sshd', message: '', trigger: true},
  ]);
});

test('an alert without an event marks nothing, and a row without a time is no failure', () => {
  expect(contextLines([{message: 'x'}], {event: {}})).toEqual([
    {time: 0, level: 6, provider: '', message: 'x', trigger: false},
  ]);
});
