import type {FieldValue} from '../../../../event/event.ts';
import {valueWords} from './value-words.ts';

/** Texts by event id, for providers by their names. */
export interface MessageTable {
  readonly providers: readonly string[];
  readonly messages: ReadonlyMap<number, MessageTemplate>;
}

/** Text, name, text, name … text. */
export interface MessageTemplate {
  readonly texts: readonly string[];
  readonly keys: readonly string[];
}

/**
 * Makes a table of texts in which `{Name}` stands for the event data of that name.
 *
 * @example
 * messageTable(['Microsoft-Windows-Eventlog'], {104: 'The log {Channel} was cleared by {SubjectUserName}.'})
 */
export function messageTable(providers: readonly string[], texts: Readonly<Record<number, string>>): MessageTable {
  const messages = new Map(Object.entries(texts).map(([id, text]) => [Number(id), parse(text)] as const));
  return {providers, messages};
}

export function renderMessage(template: MessageTemplate, fields: Readonly<Record<string, FieldValue>>): string {
  const {texts, keys} = template;
  let message = texts[0] ?? '';
  for (let i = 0; i < keys.length; i++) message += shown(keys[i] as string, fields[keys[i] as string]) + texts[i + 1];
  return message;
}

const longest = 2000;

function shown(key: string, value: FieldValue | undefined): string {
  if (value === undefined || value === '') return '-';
  const text = valueWords.get(key)?.get(String(value)) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function parse(text: string): MessageTemplate {
  const parts = text.split(/\{(\w+)\}/);
  const texts = parts.filter((_, index) => index % 2 === 0);
  const keys = parts.filter((_, index) => index % 2 === 1).map(name => `winlog.event_data.${name}`);
  return {texts, keys};
}
