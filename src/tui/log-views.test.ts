import {toEcs} from '../event/ecs.ts';
import type {LogEvent} from '../event/event.ts';
import {isWireRow, wireDatasets} from '../event/wire-row.ts';
import {type LogRow, newestRows} from '../pipeline/snapshot.ts';
import {matches} from '../query/match.ts';
import {logViews, newestOf, withinView} from './log-views.ts';

function rows(...numbers: readonly number[]): LogRow[] {
  const rest = {time: 0, level: 6, code: 0, provider: 'p', message: 'm', host: 'h', user: '', historical: false};
  return numbers.map(seq => ({seq, ...rest}));
}

const seqs = (given: readonly LogRow[]) => given.map(({seq}) => seq);

test('each view has its own rows, and all of them the newest of both in the order of the store', () => {
  const logs = rows(1, 2, 8);
  const applications = rows(3, 4, 5, 6, 7, 9);
  const newest = logViews.map(view => seqs(newestOf({logs, applications}, view)));
  expect(newest).toEqual([
    [1, 2, 8],
    [3, 4, 5, 6, 7, 9],
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ]);
  expect(newestOf({logs, applications}, 'all')).toBe(newestOf({logs, applications}, 'all'));
});

test('where one window has moved on, older rows of the other are not shown beside a gap', () => {
  const applications = rows(...Array.from({length: newestRows}, (_, index) => 1_000 + index));
  const shown = seqs(newestOf({logs: rows(1, 2, 1_150.5), applications}, 'all'));
  expect(shown).toHaveLength(newestRows);
  expect(shown[0]).toBe(1_001);
  expect(shown).toContain(1_150.5);
});

test('stored rows belong to the view that the engine says', () => {
  const datasets = [...wireDatasets, 'zeek.notice', 'suricata.alert', 'syslog', 'dnsmasq', 'zeek', 'journald', ''];
  for (const dataset of datasets) {
    const event: LogEvent = {
      ...{kind: 'log', position: 1, time: 1, ingested: 1, level: 6, code: 0, provider: 'p', message: 'm'},
      origin: {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset},
    };
    const belongs = logViews.map(view => {
      const where = withinView(view);
      return where === undefined || matches(where, toEcs(event), 'logs');
    });
    expect({dataset, belongs}).toEqual({dataset, belongs: [!isWireRow(event), isWireRow(event), true]});
  }
});
