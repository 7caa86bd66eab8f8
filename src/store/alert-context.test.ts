import {type Fixture, fixture} from '../../tests/fixtures/stored-rows.ts';
import {alertContext} from './alert-context.ts';
import {SqlReader} from './store-reader.ts';

const noon = Date.UTC(2026, 10, 22, 12) * 1000;
let store: Fixture;

beforeAll(async () => {
  store = await fixture();
  for (const [id, dataset] of [
    [1, 'syslog'],
    [2, 'dns'],
    [3, 'zeek.notice'],
  ] as const)
    store.insert('stream', {id, agent: 'a', host: 'web1', source: 's', epoch: 'e', dataset});
  for (let n = 0; n < 900; n++) insertLog(n + 1, n < 3 ? n + 1 : 2, noon - 900 + n);
  insertAlert('aa', 'System Log', {'event.dataset': 'syslog'});
  insertAlert('bb', 'Network Packet Anomaly', {});
  insertAlert('cc', 'Rule', {'event.dataset': 'dns'});
});

afterAll(() => store.remove());

function insertLog(seq: number, stream: number, time: number): void {
  const name = store.name('web1');
  const row = {seq, time, ingested: time, stream, position: seq, level: 6, code: 0, provider: name, host: name};
  store.insert('log', {...row, message: `row ${seq}`});
}

function insertAlert(id: string, category: string, event: object): void {
  const times = {first: noon, last: noon, updated: noon};
  const texts = {agent: 'a', rule: 'r', rule_name: 'R', level: 'low', entity: 'e', reason: 'why', techniques: '[]'};
  const rest = {level_rank: 1, count: 1, historical: 0, status: 'open', provider: 'p', code: 0};
  const seq = 1_000 + id.charCodeAt(0);
  store.insert('alert', {
    id,
    seq,
    ...times,
    host: store.name('web1'),
    ...texts,
    category,
    ...rest,
    event: JSON.stringify(event),
  });
}

test('around an alert stands what programs logged; around one of the network what was seen on the wire too', () => {
  const reader = new SqlReader(store.database);
  const around = (id: string) => alertContext(reader, id)?.logs.map(row => row.message);
  expect(around('aa')).toEqual(['row 1']);
  expect(around('bb')).toHaveLength(250);
  expect(around('cc')).toHaveLength(250);
});
