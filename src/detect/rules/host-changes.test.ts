import {hour, minute} from '../../event/clock.ts';
import type {FieldValue, LogEvent} from '../../event/event.ts';
import {HostFiles} from './host-files.ts';
import {HostPorts} from './host-ports.ts';
import {logEntry} from './log-entry.test-helper.ts';

const start = Date.UTC(2026, 0, 5, 12) * 1000;

function port(action: string, time: number, more: Record<string, FieldValue> = {}): LogEvent {
  const fields = {'event.action': action, 'server.ip': '0.0.0.0', 'server.port': 4444, 'network.transport': 'tcp'};
  return logEntry(time, {provider: 'siem', pid: 7, user: 'bob', fields: {...fields, 'process.name': 'nc', ...more}});
}

test('a new listening port names address, program and user', () => {
  expect(new HostPorts().onEvents([port('port_opened', start)])).toMatchObject([
    {
      rule: {id: 'host.port.new'},
      level: 'medium',
      entity: '4444/tcp on 0.0.0.0',
      reason: 'Port 4444/tcp began to listen on every address (0.0.0.0), opened by nc (process 7) of bob.',
    },
  ]);
});

test('a port for this machine only, or one the kernel gave out, is low, and one that is both is less', () => {
  const quiet = [
    port('port_opened', start, {'server.ip': '127.0.0.1'}),
    port('port_opened', start, {'siem.watch.ephemeral': true}),
    port('port_opened', start, {'server.ip': '::1', 'siem.watch.ephemeral': true}),
  ];
  expect(new HostPorts().onEvents(quiet).map(alert => alert.level)).toEqual(['low', 'low', 'informational']);
});

test('a client waiting for a UDP answer on a port the kernel gave out is no finding', () => {
  const client = port('port_opened', start, {'network.transport': 'udp', 'siem.watch.ephemeral': true});
  const server = port('port_opened', start, {'network.transport': 'udp'});
  expect(new HostPorts().onEvents([client])).toEqual([]);
  expect(new HostPorts().onEvents([server])).toHaveLength(1);
});

test('a service that restarts is no finding, another program on its port is', () => {
  const ports = new HostPorts();
  expect(ports.onEvents([port('port_closed', start), port('port_opened', start + minute)])).toEqual([]);
  const restored = new HostPorts();
  restored.restore(JSON.parse(JSON.stringify(ports.save())));
  expect(restored.onEvents([port('port_opened', start + 2 * minute)])).toEqual([]);
  expect(restored.onEvents([port('port_opened', start + minute, {'process.name': 'evil'})])).toHaveLength(1);
  expect(restored.onEvents([port('port_opened', start + 2 * hour)])).toHaveLength(1);
});

test.each([
  ['authorized-keys', 'host.file.authorized-keys', 'T1098.004'],
  ['sudoers', 'host.file.sudoers', 'T1548.003'],
  ['unit', 'host.file.unit', 'T1543.002'],
  ['cron', 'host.file.cron', 'T1053.003'],
])('a changed %s file raises %s', (kind, id, technique) => {
  const fields = {
    'event.action': 'file_changed',
    'siem.watch.kind': kind,
    'file.path': '/x',
    'siem.watch.changes': '1 line added',
  };
  const [alert] = new HostFiles().onEvents([logEntry(start, {provider: 'siem', fields})]);
  expect(alert).toMatchObject({rule: {id, techniques: [technique]}, entity: '/x'});
  expect(alert?.reason).toMatch(/\/x was changed: 1 line added\.$/);
});

test('the same words from another program are no change of a file', () => {
  const fields = {'event.action': 'file_changed', 'siem.watch.kind': 'sudoers', 'file.path': '/x'};
  expect(new HostFiles().onEvents([logEntry(start, {provider: 'logger', fields})])).toEqual([]);
});
