import type {LogEvent} from '../../../event/event.ts';
import {type Entity, entity, steadyName} from './entity.ts';

/** What Windows' own providers say was installed, registered, made or loaded, by event id. */
export function windowsEntity({code, fields}: LogEvent): Entity | undefined {
  const data = (name: string) => {
    const value = fields?.[`winlog.event_data.${name}`];
    return typeof value === 'string' && value !== '-' ? value : undefined;
  };
  switch (code) {
    case 7045:
    case 4697:
      return entity('service', steadyName(data('ServiceName') ?? ''));
    case 106:
    case 4698:
      return entity('job', steadyName(data('TaskName') ?? ''));
    case 4720:
      return entity('account', data('TargetUserName'));
    case 4728:
    case 4732:
    case 4756:
      return entity(
        'membership',
        `${data('MemberName') ?? data('MemberSid') ?? '?'} in ${data('TargetUserName') ?? '?'}`,
      );
    default:
      return undefined;
  }
}

/** A driver that Sysmon saw loaded; its numbers mean other things than other providers'. */
export function sysmonEntity({code, fields}: LogEvent): Entity | undefined {
  const driver = fields?.['winlog.event_data.ImageLoaded'];
  return code === 6 && typeof driver === 'string' ? entity('module', driver.toLowerCase()) : undefined;
}
