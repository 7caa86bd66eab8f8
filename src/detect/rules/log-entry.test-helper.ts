import type {LogEvent, Micros} from '../../event/event.ts';

/** A log entry for a test, with whatever matters to it. */
export function logEntry(time: Micros, more: Partial<LogEvent> = {}): LogEvent {
  return {
    kind: 'log',
    origin: {agent: 'a', host: 'web1', source: 'file:/var/log/auth.log', epoch: '1', dataset: 'syslog'},
    position: time,
    time,
    ingested: time,
    level: 6,
    code: 0,
    provider: 'app',
    message: '',
    ...more,
  };
}
