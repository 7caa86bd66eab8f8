import type {FieldValue} from '../../../../event/event.ts';
import {defenderMessages} from './defender.ts';
import {type MessageTable, type MessageTemplate, renderMessage} from './message-template.ts';
import {powershellMessages} from './powershell.ts';
import {securityMessages} from './security.ts';
import {sysmonMessages} from './sysmon.ts';
import {systemMessages} from './system.ts';

type Fields = Readonly<Record<string, FieldValue>>;

const tables: readonly MessageTable[] = [
  securityMessages,
  systemMessages,
  sysmonMessages,
  powershellMessages,
  defenderMessages,
].flat();

const byProvider: ReadonlyMap<string, ReadonlyMap<number, MessageTemplate>> = new Map(
  tables.flatMap(({providers, messages}) => providers.map(provider => [provider, messages] as const)),
);

/**
 * A sentence for an event of a Windows log. Windows keeps such texts in the programs that write the events; those here
 * are written anew for the events people look for. Any other event is told by its names and values.
 */
export function messageOf(provider: string, code: number, fields: Fields): string {
  const rendered = fields['winlog.rendering_info.Message'];
  if (typeof rendered === 'string' && rendered !== '') return rendered;
  const template = byProvider.get(provider)?.get(code);
  return template ? renderMessage(template, fields) : listed(provider, code, fields);
}

const dataPrefix = 'winlog.event_data.';
const longest = 1000;

/** `Provider 0: name=value name=value`; data without names is told by its values. */
function listed(provider: string, code: number, fields: Fields): string {
  let text = '';
  for (const key in fields) {
    if (!key.startsWith(dataPrefix)) continue;
    const name = key.slice(dataPrefix.length);
    const value = fields[key];
    if (name === 'Data' || value === '' || value === undefined) continue;
    const word = /^param\d+$/.test(name) ? String(value) : `${name}=${value}`;
    text += text === '' ? word : ` ${word}`;
    if (text.length > longest) break;
  }
  const head = `${provider === '' ? 'Unknown provider' : provider} ${code}`;
  return text === '' ? `${head}.` : `${head}: ${text.length > longest ? `${text.slice(0, longest)}…` : text}`;
}
