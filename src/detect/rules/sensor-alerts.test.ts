import type {FieldValue} from '../../event/event.ts';
import {logEntry} from './log-entry.test-helper.ts';
import {SensorAlerts} from './sensor-alerts.ts';

function found(dataset: string, fields: Record<string, FieldValue>) {
  const event = logEntry(7, {origin: {...logEntry(0).origin, dataset}, fields});
  return new SensorAlerts().onEvents([event]);
}

const ends = {'source.ip': '10.0.0.5', 'destination.ip': '192.0.2.7', 'destination.port': 445};
const alert = {
  'suricata.alert.gid': 1,
  'suricata.alert.signature_id': 2_010_935,
  'suricata.alert.signature': 'ET SCAN x',
  'suricata.alert.category': 'Attempted Information Leak',
  'suricata.alert.severity': 2,
};

test('an alert of Suricata’s is one here, about its source, under a name that stays', () => {
  expect(
    found('suricata.alert', {...ends, ...alert, 'suricata.alert.metadata.mitre_technique_id': 'T1046,T1110.001'}),
  ).toEqual([
    expect.objectContaining({
      rule: {
        id: 'suricata.1.2010935',
        name: 'ET SCAN x',
        level: 'medium',
        category: 'Network Packet Anomaly',
        techniques: ['T1046', 'T1110.001'],
      },
      entity: '10.0.0.5',
      reason:
        'Suricata saw "ET SCAN x" (Attempted Information Leak) from 10.0.0.5 to 192.0.2.7 port 445; its severity is 2.',
      time: 7,
      host: 'web1',
      count: 1,
    }),
  ]);
});

test.each([
  [1, 'high'],
  [3, 'low'],
  [255, 'low'],
])('severity %d is %s', (severity, level) => {
  expect(found('suricata.alert', {...ends, ...alert, 'suricata.alert.severity': severity})).toMatchObject([
    {rule: {level}},
  ]);
});

test('what Suricata blocked is said to be', () => {
  const [one] = found('suricata.alert', {...ends, ...alert, 'suricata.alert.action': 'blocked'});
  expect(one?.reason).toContain(' and blocked it;');
});

test('a notice of Zeek’s is an alert, medium where its kind is not known', () => {
  const fields = {'source.ip': '10.0.0.5', 'zeek.note': 'SSH::Password_Guessing', 'zeek.msg': '10.0.0.5 guesses'};
  expect(found('zeek.notice', fields)).toMatchObject([
    {
      rule: {id: 'zeek.notice.ssh.password-guessing', level: 'high', techniques: ['T1110.001']},
      entity: '10.0.0.5',
      reason: 'Zeek noticed SSH::Password_Guessing from 10.0.0.5: 10.0.0.5 guesses.',
    },
  ]);
  expect(found('zeek.notice', {...fields, 'zeek.note': 'Own::Thing!'})).toMatchObject([
    {rule: {id: 'zeek.notice.own.thing', level: 'medium', techniques: []}},
  ]);
  expect(found('zeek.notice', {...fields, 'zeek.note': 'Heartbleed::SSL_Heartbeat_Attack'})).toMatchObject([
    {rule: {level: 'high', techniques: ['T1190']}},
  ]);
  const attack = {'zeek.note': 'ATTACK::Discovery', 'zeek.msg': 'seen', 'zeek.sub': 'T1018 and T1082'};
  expect(found('zeek.notice', {...fields, ...attack})).toMatchObject([{rule: {techniques: ['T1018', 'T1082']}}]);
});

test('what another program logs under the same names is no alert', () => {
  expect(found('text', {...ends, ...alert})).toEqual([]);
  expect(found('suricata.drop', {...ends, ...alert})).toEqual([]);
  expect(found('zeek.notice', {...ends})).toEqual([]);
});

test('alerts of one signature share their rule', () => {
  const detector = new SensorAlerts();
  const event = logEntry(7, {origin: {...logEntry(0).origin, dataset: 'suricata.alert'}, fields: {...ends, ...alert}});
  const [first] = detector.onEvents([event]);
  const [second] = detector.onEvents([event]);
  expect(second?.rule).toBe(first?.rule);
});
