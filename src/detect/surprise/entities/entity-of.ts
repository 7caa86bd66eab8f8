import type {LogEvent} from '../../../event/event.ts';
import {changedAccount} from './accounts.ts';
import {type Entity, entity} from './entity.ts';
import {scheduledJob} from './jobs.ts';
import {dumpedProgram, kernelEntity, loadedModule} from './kernel.ts';
import {changedIdentity, doasProgram, loginKey, pkexecProgram} from './rights.ts';
import {auditedUnit, unitNamed} from './units.ts';
import {sysmonEntity, windowsEntity} from './windows.ts';

type Reader = (event: LogEvent) => Entity | undefined;

const account: Reader = ({message}) => changedAccount(message);
const job: Reader = ({message}) => scheduledJob(message);

/** By the program that writes the entry. */
const readers = new Map<string, Reader>([
  ['systemd', ({message}) => unitNamed(message)],
  ...['CRON', 'cron', 'crond', 'CROND', 'anacron', 'run-parts'].map(name => [name, job] as const),
  ['kernel', ({message}) => kernelEntity(message)],
  ['systemd-modules-load', ({message}) => loadedModule(message)],
  ['systemd-coredump', ({message}) => dumpedProgram(message)],
  ...['useradd', 'adduser', 'newusers', 'usermod', 'gpasswd', 'systemd-sysusers'].map(name => [name, account] as const),
  ['pkexec', pkexecProgram],
  ['doas', doasProgram],
  ['su', changedIdentity],
  ['sshd', loginKey],
  ['sshd-session', loginKey],
  ['auditd', auditedEntity],
  ['Service Control Manager', windowsEntity],
  ['Microsoft-Windows-Security-Auditing', windowsEntity],
  ['Microsoft-Windows-TaskScheduler', windowsEntity],
  ['Microsoft-Windows-Sysmon', sysmonEntity],
]);

/** The lasting thing that an entry names as begun, made or used; undefined where it names none. */
export function entityOf(event: LogEvent): Entity | undefined {
  return readers.get(event.provider)?.(event);
}

function auditedEntity({fields}: LogEvent): Entity | undefined {
  const text = (key: string) => {
    const value = fields?.[`auditd.${key}`];
    return typeof value === 'string' && value !== '?' ? value : undefined;
  };
  switch (text('type')) {
    case 'SERVICE_START':
      return auditedUnit(text('unit') ?? '');
    case 'KERN_MODULE':
      return entity('module', text('name'));
    case 'ADD_USER':
      return entity('account', text('acct'));
    case 'ANOM_ABEND':
      return entity('crash', text('comm'));
    default:
      return undefined;
  }
}
