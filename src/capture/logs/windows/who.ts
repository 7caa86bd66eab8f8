import type {FieldValue} from '../../../event/event.ts';

type Fields = Readonly<Record<string, FieldValue>>;

const security = 'Microsoft-Windows-Security-Auditing';
const sysmon = 'Microsoft-Windows-Sysmon';
/** Security events that are about an account which logs on or off, and not about whoever asked for it. */
const aboutTarget = new Set([4624, 4625, 4634, 4647, 4768, 4769, 4770, 4771, 4776]);

/** `user.name`: who logged on, otherwise who did what the event tells. */
export function userOf(provider: string, code: number, fields: Fields): string | undefined {
  if (provider === sysmon) return meant(fields['winlog.event_data.User']);
  if (provider !== security) return undefined;
  if (aboutTarget.has(code)) return meant(fields['winlog.event_data.TargetUserName']);
  return meant(fields['winlog.event_data.SubjectUserName']) ?? meant(fields['winlog.event_data.AccountName']);
}

/** `process.pid` of the process that the event is about; the one that wrote it is `winlog.process.pid`. */
export function pidOf(provider: string, code: number, fields: Fields): number | undefined {
  if (provider === sysmon) return pid(fields['winlog.event_data.ProcessId']);
  if (provider !== security) return undefined;
  return pid(code === 4688 ? fields['winlog.event_data.NewProcessId'] : fields['winlog.event_data.ProcessId']);
}

/** Services and the system itself log on all the time, which is no attempt of anybody. */
const ownLogons = new Set<FieldValue>([0, 5, '0', '5']);

/**
 * What makes an entry count as a login attempt. An attempt counts once: a refused password is 4625 where it was tried,
 * and 4771 on the domain controller that refused it; 4776 only comes beside those.
 */
export function attemptOf(provider: string, code: number, fields: Fields): Record<string, FieldValue> | undefined {
  if (code !== 4624 && code !== 4625 && code !== 4771) return undefined;
  if (provider !== security) return undefined;
  const type = fields['winlog.event_data.LogonType'];
  if (type !== undefined && ownLogons.has(type)) return undefined;
  const address = addressOf(fields['winlog.event_data.IpAddress']);
  const attempt = {'event.category': 'authentication', 'event.outcome': code === 4624 ? 'success' : 'failure'};
  return address === undefined ? attempt : {...attempt, 'source.ip': address};
}

function meant(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}

function pid(value: FieldValue | undefined): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** IPv4 addresses come as mapped into IPv6 too. */
function addressOf(value: FieldValue | undefined): string | undefined {
  return meant(value)?.replace(/^::ffff:(?=\d)/i, '');
}
