import type {LogEvent} from './event.ts';
import {isWireRow} from './wire-row.ts';

const row = (dataset: string): LogEvent => ({
  kind: 'log',
  origin: {agent: 'a', host: 'h', source: 's', epoch: 'e', dataset},
  position: 1,
  time: 1,
  ingested: 1,
  level: 6,
  code: 0,
  provider: 'p',
  message: '',
});

test('rows of the wire are told from what programs log', () => {
  expect(['dns', 'tls', 'zeek.conn', 'suricata.stats'].map(name => isWireRow(row(name)))).not.toContain(false);
  expect(['syslog', 'auditd', 'nginx.access', 'sshd'].map(name => isWireRow(row(name)))).not.toContain(true);
});
