import {sessionKeyOf} from './session-key.ts';

test('a session that the source names goes before the process, that before the address, that before the user', () => {
  const fields = {'auditd.ses': '3', 'source.ip': '192.0.2.7'};
  expect(sessionKeyOf({pid: 9, user: 'anna', fields})).toBe('session 3');
  expect(sessionKeyOf({pid: 9, user: 'anna', fields: {'source.ip': '192.0.2.7'}})).toBe(9);
  expect(sessionKeyOf({user: 'anna', fields: {'source.ip': '192.0.2.7'}})).toBe('address 192.0.2.7');
  expect(sessionKeyOf({user: 'anna'})).toBe('user anna');
  expect(sessionKeyOf({})).toBe('');
});

test('values that stand for no session name none', () => {
  expect(sessionKeyOf({pid: 9, fields: {'auditd.ses': '4294967295'}})).toBe(9);
  const system = {'winlog.event_data.TargetLogonId': '0x3e7', 'winlog.event_data.SubjectLogonId': '0x5a1f'};
  expect(sessionKeyOf({pid: 9, fields: system})).toBe('session 0x5a1f');
});

test('a value of any length makes a short key', () => {
  expect(String(sessionKeyOf({user: 'x'.repeat(10_000)})).length).toBeLessThan(80);
});
