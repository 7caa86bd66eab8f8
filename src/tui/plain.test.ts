import {PassThrough, Writable} from 'node:stream';
import {syntheticSnapshots} from '../../bench/synthetic.ts';
import type {Snapshot} from '../pipeline/snapshot.ts';
import {mostWaiting, PlainLines, startPlain} from './plain.ts';

function nextSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  const {value} = syntheticSnapshots(4).next();
  if (!value) throw new Error('expected a snapshot');
  return {...value, alerts: value.alerts.slice(0, 1), ...change};
}

test('start-up lines come once each, with what mends a failure', () => {
  const lines = new PlainLines();
  const startup: Snapshot['startup'] = [
    {what: 'store', state: 'ok', detail: 'siem.db'},
    {what: 'packets', state: 'failed', detail: 'not permitted', mend: 'sudo siem monitor'},
    {what: 'model', state: 'opening', detail: ''},
  ];
  expect(lines.of(nextSnapshot({startup, alerts: []}))).toEqual([
    'store: ok, siem.db',
    'packets: failed, not permitted (to mend: sudo siem monitor)',
  ]);
  expect(lines.of(nextSnapshot({startup, alerts: []}))).toEqual([]);
});

test('an alert comes once, and again when its level changes, not when it is counted on', () => {
  const lines = new PlainLines();
  const first = nextSnapshot({startup: []});
  const [alert] = first.alerts;
  if (!alert) throw new Error('expected an alert');
  expect(lines.of(first)).toEqual([expect.stringMatching(/ ALERT informational Failed logins, kind 0 ×21: 21 failed/)]);
  expect(lines.of({...first, alerts: [{...alert, count: 99}]})).toEqual([]);
  expect(lines.of({...first, alerts: [{...alert, level: 'critical'}]})).toHaveLength(1);
});

test("a status line comes once a minute of the engine's time", () => {
  const lines = new PlainLines();
  const at = (seconds: number) => lines.of(nextSnapshot({startup: [], alerts: [], time: 1e15 + seconds * 1e6}));
  expect(at(0)).toEqual([]);
  expect(at(59)).toEqual([]);
  expect(at(60)).toEqual([expect.stringMatching(/ status, .*dropped 8.*alerts open 12/)]);
  expect(at(61)).toEqual([]);
});

test('no escape leaves it', () => {
  const snapshot = nextSnapshot({startup: [{what: 'x', state: 'ok', detail: 'a\x1b[2Jb\nc'}], alerts: []});
  expect(new PlainLines().of(snapshot).join('')).not.toMatch(/[\x00-\x1f]/);
});

test('a reader that goes away ends it quietly, once', () => {
  const output = new PassThrough();
  let [closed, ended] = [0, 0];
  let send: (snapshot: Snapshot) => void = () => {};
  startPlain({
    subscribe: onSnapshot => {
      send = onSnapshot;
      return () => ended++;
    },
    output,
    onClosed: () => closed++,
  });
  send(nextSnapshot());
  output.emit('error', Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}));
  output.emit('error', new Error('again'));
  send(nextSnapshot());
  expect([closed, ended]).toEqual([1, 1]);
});

test('a reader that does not read costs bounded memory, and what was left out is told', () => {
  const waiting: (() => void)[] = [];
  const texts: string[] = [];
  const output = new Writable({
    highWaterMark: 1,
    decodeStrings: false,
    write(text: string, _encoding, done) {
      texts.push(text);
      waiting.push(done);
    },
  });
  let send: (snapshot: Snapshot) => void = () => {};
  startPlain({
    subscribe: onSnapshot => {
      send = onSnapshot;
      return () => {};
    },
    output,
    onClosed: () => {},
  });
  const startup = (from: number, count: number): Snapshot['startup'] =>
    Array.from({length: count}, (_, index) => ({what: `line ${from + index}`, state: 'note', detail: ''}));
  send(nextSnapshot({startup: startup(0, mostWaiting + 50), alerts: []}));
  expect(output.writableLength).toBeLessThan(mostWaiting * 20);
  for (let done = waiting.shift(); done; done = waiting.shift()) done();
  return new Promise<void>(resolve => {
    const drain = () => {
      for (let done = waiting.shift(); done; done = waiting.shift()) done();
      if (output.writableLength > 0) return void setImmediate(drain);
      send(nextSnapshot({startup: startup(mostWaiting + 50, 1), alerts: []}));
      expect(texts.at(-1)).toContain('50 lines were not written');
      resolve();
    };
    drain();
  });
});
