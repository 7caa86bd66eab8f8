import {
  alert,
  batch,
  log,
  noon,
  removeTemporaryFolders,
  storeSettings,
  temporaryFolder,
} from '../../tests/support/store-fixture.ts';
import type {AlertChange} from '../event/alert-group.ts';
import {minute} from '../event/clock.ts';
import {toEcs} from '../event/ecs.ts';
import {openReader} from '../store/open-reader.ts';
import {openWriter} from '../store/writer.ts';
import {storedHistory} from './stored-history.ts';

afterEach(removeTemporaryFolders);

const attack = log(7, {
  message: 'Accepted password for mallory',
  pid: 9,
  user: 'mallory',
  fields: {'session.id': 's1'},
});

function change(id: string, more: Partial<AlertChange>): AlertChange {
  return {alert: id, time: noon, actor: 'ann', action: 'close', ...more};
}

test('history comes with the alerts that were closed with a verdict, and what each was raised on', async () => {
  const folder = temporaryFolder();
  const store = await openWriter(folder, storeSettings());
  const fields = {...toEcs(attack), 'surprise.nats': 9};
  const learned = {rule: 'surprise.sequence', event: fields};
  const ids = ['a1', 'b2', 'c3', 'd4'];
  store.write(
    batch({
      events: [log(1), attack],
      alerts: ids.map(id => alert(id, learned)),
      anomalies: [
        {
          alert: 'a1',
          minute: noon,
          time: attack.time,
          code: 0,
          category: 'System Log',
          level: 'medium',
          provider: 'sshd',
          message: attack.message,
          count: 3,
        },
      ],
      changes: [
        change('a1', {verdict: 'true-positive'}),
        change('b2', {verdict: 'benign'}),
        change('c3', {verdict: 'false-positive'}),
        change('c3', {action: 'reopen', time: noon + minute}),
        change('d4', {}),
      ],
    }),
  );
  store.close();
  const reader = await openReader(folder, 'auto');
  const {history, alerts} = storedHistory(reader, {limit: 10});
  const [, entry] = [...history];
  expect(entry).toMatchObject({time: attack.time, provider: 'sshd', message: attack.message, pid: 9, user: 'mallory'});
  expect(entry?.fields?.['session.id']).toBe('s1');
  expect(alerts).toMatchObject([
    {verdict: 'true-positive', rule: 'surprise.sequence', host: 'web1', event: {'surprise.nats': 9}},
    {verdict: 'benign', findings: []},
  ]);
  expect(alerts[0]?.findings).toEqual([{minute: noon, provider: 'sshd', message: attack.message}]);
  reader.close();
});
