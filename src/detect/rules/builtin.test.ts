import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'ini';
import {type Settings, settingsSchema} from '../../config/settings.ts';
import {minute, second} from '../../event/clock.ts';
import type {Alert, Event, LogEvent} from '../../event/event.ts';
import {builtinDetectors} from './builtin.ts';
import {logEntry} from './log-entry.test-helper.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;
const settings = defaults();

function defaults(): Settings {
  const {DEFAULT, ...sections} = parse(readFileSync(join(__dirname, '../../../config/siem.ini'), 'utf8'));
  return settingsSchema.parse({DEFAULT: DEFAULT ?? {ModelFile: ''}, ...sections});
}

function failure(time: number, pid: number): LogEvent {
  const fields = {'event.category': 'authentication', 'event.outcome': 'failure', 'event.action': 'ssh_login'};
  return logEntry(time, {provider: 'sshd', user: 'root', pid, fields: {...fields, 'source.ip': '192.0.2.7'}});
}

function run(batches: readonly (readonly Event[])[]): Alert[] {
  const detectors = builtinDetectors(settings);
  return batches.flatMap(batch => detectors.flatMap(detector => [...detector.onEvents(batch)]));
}

test('what is replayed at once raises what came one by one', () => {
  const events: Event[] = Array.from({length: 400}, (_, i) =>
    i % 3 === 0 ? failure(start + i * 20 * second, i) : logEntry(start + i * 20 * second),
  );
  const counts = (alerts: readonly Alert[]) =>
    alerts.map(({rule, entity, time, count}) => [rule.id, entity, time, count]);
  const single = counts(run(events.map(event => [event])));
  expect(single.length).toBeGreaterThan(5);
  expect(counts(run([events]))).toEqual(single);
});

test('each rule set has an id of its own, under which its memory is kept, and starts again from what it saved', () => {
  const detectors = builtinDetectors(settings);
  expect(new Set(detectors.map(detector => detector.id)).size).toBe(detectors.length);
  for (const detector of detectors) {
    detector.onEvents([failure(start, 1), logEntry(start + minute)]);
    detector.restore?.(JSON.parse(JSON.stringify(detector.save?.() ?? null)));
    expect(() => detector.restore?.({unexpected: 1})).not.toThrow();
    expect(() => detector.onTick?.(start + minute)).not.toThrow();
  }
});
