import {
  WatchActions,
  type WatchKind,
  watchChangesField,
  watchKindField,
  watchKinds,
  watchProvider,
} from '../../capture/system/watch/watch-event.ts';
import type {Alert, Event, LogEvent, Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import type {Detector} from '../detector.ts';
import {hostOf, textField} from './log-field.ts';

/** Changes of the files by which someone stays: keys, sudo rights, units, cron tables, and those the user names. */
export class HostFiles implements Detector {
  readonly id = 'host.file';

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      const alert = event.kind === 'log' && event.provider === watchProvider ? judge(event) : undefined;
      if (alert) alerts.push(alert);
    }
    return alerts;
  }
}

function judge(event: LogEvent): Alert | undefined {
  const action = textField(event, 'event.action');
  const kind = watchKinds.find(known => known === textField(event, watchKindField));
  const verb = verbs[action];
  if (kind === undefined || verb === undefined) return undefined;
  const path = textField(event, 'file.path');
  const changes = textField(event, watchChangesField);
  const removed = action === WatchActions.fileRemoved;
  return {
    rule: rules[kind],
    // To take an access away is what an admin does; only for files someone asked to be watched is it as bad.
    level: removed && kind !== 'watched' ? 'low' : rules[kind].level,
    time: event.time,
    host: hostOf(event),
    entity: path,
    reason: `${meanings[kind]} ${path} was ${verb}${changes && `: ${changes}`}.`,
    count: 1,
    event,
  };
}

const verbs: Readonly<Record<string, string>> = {
  [WatchActions.fileCreated]: 'created',
  [WatchActions.fileChanged]: 'changed',
  [WatchActions.fileRemoved]: 'removed',
};

const meanings: Readonly<Record<WatchKind, string>> = {
  'authorized-keys': 'The list of keys that may log in,',
  sudoers: 'The list of who may use sudo,',
  unit: 'The systemd unit',
  cron: 'The cron table',
  watched: 'The watched file',
};

const rules: Readonly<Record<WatchKind, Rule>> = {
  'authorized-keys': rule('host.file.authorized-keys', 'Changed authorized_keys', 'high', 'T1098.004'),
  sudoers: rule('host.file.sudoers', 'Changed sudoers', 'high', 'T1548.003'),
  unit: rule('host.file.unit', 'Changed systemd unit', 'medium', 'T1543.002'),
  cron: rule('host.file.cron', 'Changed cron table', 'medium', 'T1053.003'),
  watched: rule('host.file.watched', 'Changed watched file', 'medium'),
};

function rule(id: string, name: string, level: AlertLevel, ...techniques: string[]): Rule {
  return {id, name, level, category: 'System Log', techniques};
}
