import type {Event, LogEvent} from '../../event/event.ts';

/** A field that holds text, or '' where the entry has none. */
export function textField(event: LogEvent, name: string): string {
  const value = event.fields?.[name];
  return typeof value === 'string' ? value : '';
}

export function numberField(event: LogEvent, name: string): number | undefined {
  const value = event.fields?.[name];
  return typeof value === 'number' ? value : undefined;
}

/** The machine an event is about: what detector state is keyed by. */
export function hostOf(event: Event): string {
  return (event.kind === 'log' ? event.host : undefined) ?? event.origin.host;
}

export function userOf(event: LogEvent): string {
  return event.user ?? textField(event, 'user.name');
}
