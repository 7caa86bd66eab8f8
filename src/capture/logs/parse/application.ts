import type {Micros} from '../../../event/event.ts';
import {type Level, Levels, parseLevel} from '../../../event/level.ts';
import {enrichAuthentication} from './authentication.ts';
import type {Entry} from './entry.ts';

const dpkgForm =
  /^(?:startup (?:archives|packages) \S+|status ([\w-]+) (\S+) (\S+)|(install|upgrade|configure|trigproc|remove|purge|disappear) (\S+) (\S+) (\S+)|conffile (\S+) (\S+))$/;

/** What follows the time in dpkg.log: `status installed libc6:amd64 2.36`. */
export function readDpkg(rest: string, time: Micros): Entry | undefined {
  const found = dpkgForm.exec(rest);
  if (!found) return undefined;
  const [, status, subject, version, action, actionSubject, before, after] = found;
  const name = subject ?? actionSubject;
  const entry: Entry = {time, level: Levels.information, provider: 'dpkg', message: rest};
  if (name === undefined) return entry;
  const wanted = version ?? (after === '<none>' ? before : after) ?? '';
  entry.fields = {
    'event.action': action ?? `status_${status}`,
    'event.category': 'package',
    'package.name': name.replace(/:[\w-]+$/, ''),
    'package.version': wanted,
  };
  return entry;
}

/** A line of an application's own log, from behind its time on. */
export function readApplication(rest: string, time: Micros, provider: string): Entry {
  const message = rest.replace(/^[\s\-|,:\]]{1,8}/, '');
  const entry: Entry = {time, level: applicationLevel(message) ?? Levels.information, provider, message};
  enrichAuthentication(entry);
  return entry;
}

const token = /\s*(?:- |\| ?)?(?:\[([^\]]{0,64})\]|<([^>]{0,16})>|([^\s:|,[\]]{1,64}))([:|,]?)/y;

/**
 * The level in its usual places: the first word, or behind a thread, a process id or a zone. A bare word counts in
 * capitals or before a colon only; anything else ends the search, so that a message's own words are never taken for it.
 */
function applicationLevel(message: string): Level | undefined {
  token.lastIndex = 0;
  for (let count = 0; count < 3; count++) {
    const found = token.exec(message);
    if (!found) return undefined;
    const [, squared, angled, bare, mark] = found;
    const word = squared ?? angled ?? bare ?? '';
    const level = parseLevel(word.trim());
    const marked = squared !== undefined || angled !== undefined || mark !== '' || word === word.toUpperCase();
    if (level !== undefined && marked) return level;
    const passes = squared !== undefined || /^(?:\d{1,10}|-|[A-Z]{3,4})$/.test(word);
    if (!passes) return undefined;
  }
  return undefined;
}
