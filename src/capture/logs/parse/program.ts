import {type Level, Levels} from '../../../event/level.ts';
import {enrichAuthentication} from './authentication.ts';
import type {Entry} from './entry.ts';
import {kernelLevel, spokenLevel} from './spoken-level.ts';

/** `prog[pid]: ` at a place of a line. `end` is where the message begins. */
export interface Tag {
  readonly program: string;
  readonly pid: number | undefined;
  readonly end: number;
}

const longestTag = 128;

/** Reads `sshd[123]: `, `kernel: `, `postfix/smtpd[9]: `, or undefined where no program is named. */
export function readTag(line: string, start: number): Tag | undefined {
  const limit = Math.min(line.length, start + longestTag);
  for (let at = start; at < limit; at++) {
    const code = line.charCodeAt(at);
    if (code === 32) return undefined;
    if (code === 58 && (at + 1 === line.length || line.charCodeAt(at + 1) === 32)) {
      return at === start ? undefined : {program: line.slice(start, at), pid: undefined, end: at + 2};
    }
    if (code === 91) return at === start ? undefined : tagWithPid(line, start, at);
  }
  return undefined;
}

/** Completes an entry that a program wrote through syslog: level where none was given, kernel stamp, login fields. */
export function finishProgramEntry(entry: Entry, given: Level | undefined): Entry {
  if (entry.provider === 'kernel') takeKernelStamp(entry);
  entry.level =
    given ??
    spokenLevel(entry.message) ??
    (entry.provider === 'kernel' ? kernelLevel(entry.message) : undefined) ??
    Levels.information;
  enrichAuthentication(entry);
  return entry;
}

function tagWithPid(line: string, start: number, bracket: number): Tag | undefined {
  let at = bracket + 1;
  let pid = 0;
  for (let digit = line.charCodeAt(at) - 48; digit >= 0 && digit <= 9; digit = line.charCodeAt(++at) - 48) {
    pid = pid * 10 + digit;
  }
  if (at === bracket + 1 || at > bracket + 11 || line.charCodeAt(at) !== 93) return undefined;
  let end = at + 1;
  if (line.charCodeAt(end) === 58) end++;
  if (line.charCodeAt(end) === 32) end++;
  return {program: line.slice(start, bracket), pid, end};
}

function takeKernelStamp(entry: Entry): void {
  const found = /^\[ {0,11}(\d{1,12}\.\d{1,9})\] ?/.exec(entry.message);
  if (!found) return;
  entry.message = entry.message.slice(found[0].length);
  entry.fields = {...entry.fields, 'host.uptime': Number(found[1])};
}
