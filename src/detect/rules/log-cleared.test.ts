import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {LogEvent} from '../../event/event.ts';
import {SigmaDetector} from '../sigma/detector.ts';
import {buildRuleSet} from '../sigma/rule-set.ts';
import {isToldAsLogCleared, LogCleared} from './log-cleared.ts';
import {logEntry} from './log-entry.test-helper.ts';

const found = (more: Partial<LogEvent>) => new LogCleared().onEvents([logEntry(1, more)]);

test('a cleared Windows log is found by event id and provider together', () => {
  const provider = 'Microsoft-Windows-Eventlog';
  expect(found({code: 1102, provider, user: 'eve'})).toMatchObject([
    {
      rule: {id: 'log.cleared', techniques: ['T1070.001']},
      entity: 'Security',
      reason: expect.stringContaining('by eve'),
    },
  ]);
  expect(found({code: 104, provider, fields: {'winlog.event_data.Channel': 'Setup'}})).toMatchObject([
    {entity: 'Setup'},
  ]);
  expect(found({code: 104, provider: 'Other'})).toEqual([]);
});

test('a truncated or removed log file is found by the file’s own source only', () => {
  const fields = {'event.action': 'log_truncated', 'file.path': '/var/log/auth.log'};
  expect(found({provider: 'siem', fields})).toMatchObject([{rule: {id: 'log.truncated'}, entity: '/var/log/auth.log'}]);
  expect(found({provider: 'siem', fields: {...fields, 'event.action': 'log_removed'}})).toMatchObject([
    {rule: {id: 'log.removed', level: 'high'}, entity: '/var/log/auth.log'},
  ]);
  expect(found({provider: 'logger', fields})).toEqual([]);
});

test('the audit daemon’s end is found in its records and not in words that anyone can write', () => {
  const message = 'DAEMON_END op=terminate auid=0 pid=1 res=success';
  expect(found({provider: 'auditd', message, fields: {'auditd.type': 'DAEMON_END'}})).toMatchObject([
    {rule: {id: 'log.audit-stopped'}},
  ]);
  expect(found({provider: 'auditd', message})).toEqual([]);
  expect(found({provider: 'auditd', message, fields: {'auditd.type': 'USER_CMD'}})).toEqual([]);
});

test('a Windows log whose numbers begin again is one that was cleared, where its own reader says so', () => {
  const fields = {'event.action': 'log_cleared', 'winlog.channel': 'Security'};
  expect(found({provider: 'siem', fields})).toMatchObject([{rule: {id: 'log.cleared'}, entity: 'Security'}]);
  expect(found({provider: 'other', fields})).toEqual([]);
});

test('what the shipped Sigma rules say of a cleared log is told once', () => {
  const event = logEntry(1, {
    code: 1102,
    provider: 'Microsoft-Windows-Eventlog',
    fields: {'winlog.channel': 'Security'},
  });
  const rules = loadedRules();
  const sigma = (isToldAlready?: typeof isToldAsLogCleared) =>
    new SigmaDetector(rules, isToldAlready && {isToldAlready}).onEvents([event]).map(({rule}) => rule.name);
  expect(sigma()).toEqual(['Security event log emptied']);
  expect(sigma(isToldAsLogCleared)).toEqual([]);
  expect(new LogCleared().onEvents([event])).toHaveLength(1);
});

function loadedRules() {
  const folder = join(__dirname, '../../../rules/windows');
  const files = ['security-log-cleared.yml', 'other-log-cleared.yml'].map(name => join(folder, name));
  return buildRuleSet(files.map(path => ({path, text: readFileSync(path, 'utf8')})));
}
