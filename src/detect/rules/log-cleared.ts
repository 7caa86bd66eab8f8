import type {Alert, Event, LogEvent, Rule} from '../../event/event.ts';
import type {Detector} from '../detector.ts';
import {hostOf, textField} from './log-field.ts';

/** Logs that someone emptied, cut off or switched off: what is done to hide something else. */
export class LogCleared implements Detector {
  readonly id = 'log.cleared';

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      const found = event.kind === 'log' ? judge(event) : undefined;
      if (event.kind === 'log' && found)
        alerts.push({...found, time: event.time, host: hostOf(event), count: 1, event});
    }
    return alerts;
  }
}

/** Shipped Sigma rules for the same: `siem scan` has these detectors not, the monitor has both. */
const sameInSigma: ReadonlySet<string> = new Set([
  'cf46377f-2576-4db0-beba-9d8623e17e06',
  '8d1b1edf-9b8c-465c-a888-e635c0166a34',
]);

/** Whether what a Sigma rule finds in an event is what this detector raises an alert for: one cause, one alert. */
export function isToldAsLogCleared(ruleId: string, event: Event): boolean {
  return sameInSigma.has(ruleId) && event.kind === 'log' && clearedOnWindows(event) !== undefined;
}

type Finding = Pick<Alert, 'rule' | 'entity' | 'reason'>;

function judge(event: LogEvent): Finding | undefined {
  return clearedOnWindows(event) ?? tamperedWith(event) ?? auditStopped(event);
}

// Event ids mean something only together with who wrote them: 104 is many providers' number.
function clearedOnWindows(event: LogEvent): Finding | undefined {
  if (event.code !== 1102 && event.code !== 104) return undefined;
  if (event.provider.toLowerCase() !== 'microsoft-windows-eventlog') return undefined;
  const named = textField(event, 'winlog.event_data.Channel') || textField(event, 'winlog.event_data.channel');
  const channel = event.code === 1102 ? 'Security' : named || textField(event, 'winlog.channel') || 'System';
  const user = event.user ?? textField(event, 'winlog.event_data.SubjectUserName');
  return {
    rule: clearedRule,
    entity: channel,
    reason: `The Windows event log ${channel} was cleared${user && ` by ${user}`}.`,
  };
}

// What follows the file says so, having looked for a rotated copy that would make it ordinary.
function tamperedWith(event: LogEvent): Finding | undefined {
  if (event.provider !== 'siem') return undefined;
  const action = textField(event, 'event.action');
  if (action === 'log_cleared') return begunAnew(textField(event, 'winlog.channel') || event.origin.source);
  const path = textField(event, 'file.path') || event.origin.source;
  if (action === 'log_truncated') {
    return {rule: truncatedRule, entity: path, reason: `${path} was cut off, and no rotated file holds what it had.`};
  }
  if (action !== 'log_removed') return undefined;
  return {
    rule: removedRule,
    entity: path,
    reason: `${path} was removed while in use, and no rotated file holds what it had.`,
  };
}

// Found by what reads the log: its record numbers begin again below those it had read.
function begunAnew(channel: string): Finding {
  const reason = `The Windows event log ${channel} was cleared or made anew: its record numbers begin again below those read before.`;
  return {rule: clearedRule, entity: channel, reason};
}

// Only what was read as an audit record has a type: any program may write these words to syslog.
function auditStopped(event: LogEvent): Finding | undefined {
  const type = textField(event, 'auditd.type');
  if (type !== 'DAEMON_END' && type !== 'DAEMON_ABORT') return undefined;
  return {
    rule: auditRule,
    entity: 'auditd',
    reason: 'The audit daemon stopped: what follows is not audited until it starts again.',
  };
}

const clearedRule: Rule = {
  id: 'log.cleared',
  name: 'Event log cleared',
  level: 'high',
  category: 'Windows Event Log Anomaly',
  techniques: ['T1070.001'],
};

const truncatedRule: Rule = {
  id: 'log.truncated',
  name: 'Log file truncated',
  level: 'high',
  category: 'System Log',
  techniques: ['T1070.002'],
};

const removedRule: Rule = {...truncatedRule, id: 'log.removed', name: 'Log file removed'};

const auditRule: Rule = {
  id: 'log.audit-stopped',
  name: 'Audit daemon stopped',
  level: 'medium',
  category: 'System Log',
  techniques: ['T1562.012'],
};
