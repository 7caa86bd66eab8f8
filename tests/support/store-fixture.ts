import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Settings} from '../../src/config/settings.ts';
import type {FlowEvent, LogEvent, MetricEvent, Origin} from '../../src/event/event.ts';
import {type AlertGroup, emptyBatch, type StoreBatch} from '../../src/store/sink.ts';

export const noon = Date.UTC(2026, 10, 22, 12) * 1000;

export const origin: Origin = {
  agent: '7d3f',
  host: 'web1',
  source: 'file:/var/log/syslog',
  epoch: 'inode 5',
  dataset: 'syslog',
};

export function storeSettings(changes: Partial<Settings['store']> = {}): Settings['store'] {
  return {
    engine: 'auto',
    keep_days: 30,
    max_megabytes: 64,
    sqljs_megabytes: 32,
    synchronous: 'normal',
    full_text: true,
    ...changes,
  };
}

/** A folder below the system's temporary one, removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'siem-store-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
}

export function log(position: number, changes: Partial<LogEvent> = {}): LogEvent {
  return {
    kind: 'log',
    origin,
    position,
    time: noon + position * 1000,
    ingested: noon,
    level: 6,
    code: 0,
    provider: 'sshd',
    message: `Accepted password for user${position % 7} from 10.0.0.${position % 250} port ${position}`,
    ...changes,
  };
}

export function logs(first: number, count: number): LogEvent[] {
  return Array.from({length: count}, (_, index) => log(first + index));
}

export function metric(position: number, value: number): MetricEvent {
  return {
    kind: 'metric',
    origin: {...origin, source: 'system', dataset: 'system'},
    position,
    time: noon,
    ingested: noon,
    name: 'cpu.total',
    value,
    max: value,
    unit: 'percent',
  };
}

export function flow(position: number, changes: Partial<FlowEvent> = {}): FlowEvent {
  return {
    kind: 'flow',
    origin: {...origin, source: 'packets:eth0', dataset: 'flow'},
    position,
    time: noon,
    ingested: noon,
    last: noon,
    ended: false,
    transport: 'tcp',
    service: 'https',
    sourceIp: '10.0.0.5',
    sourcePort: 52_404,
    sourceMac: '',
    destinationIp: '192.0.2.1',
    destinationPort: 443,
    destinationMac: '',
    interface: 'eth0',
    vlan: 0,
    packetsOut: 1,
    bytesOut: 60,
    packetsIn: 0,
    bytesIn: 0,
    state: 'S0',
    history: 'S',
    ...changes,
  };
}

export function alert(id: string, changes: Partial<AlertGroup> = {}): AlertGroup {
  return {
    id,
    host: 'web1',
    agent: '7d3f',
    rule: 'auth.failed.burst',
    ruleName: 'Many failed logins',
    level: 'medium',
    category: 'System Log',
    entity: '198.51.100.7',
    reason: '12 failed logins in 10 minutes, 5 expected',
    techniques: ['T1110.001'],
    first: noon,
    last: noon,
    count: 12,
    historical: false,
    status: 'open',
    provider: 'sshd',
    code: 0,
    event: {'source.ip': '198.51.100.7'},
    ...changes,
  };
}

export function batch(changes: Partial<StoreBatch>): StoreBatch {
  return {...emptyBatch, ...changes};
}
