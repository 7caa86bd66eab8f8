import type {Entry} from './entry.ts';
import {addFields} from './fields.ts';

const attempts = /^(\d{1,6}) incorrect password attempts?$/;

/** `alice : TTY=pts/0 ; PWD=/home ; USER=root ; COMMAND=/bin/ls`, with the refusal before TTY where there is one. */
export function readSudo(entry: Entry): boolean {
  const colon = entry.message.indexOf(' : ');
  const name = colon < 0 ? '' : entry.message.slice(0, colon).trim();
  if (!/^\S{1,255}$/.test(name)) return false;
  const rest = entry.message.slice(colon + 3);
  const refusal = rest.startsWith('TTY=') || rest.startsWith('PWD=') ? '' : rest.slice(0, refusalEnd(rest));
  const command = rest.indexOf(' ; COMMAND=');
  if (command < 0 && !attempts.test(refusal)) return false;
  const target = / ; USER=(\S{1,255}) ; /.exec(rest)?.[1];
  const count = attempts.exec(refusal)?.[1];
  entry.user = name;
  return addFields(entry, {
    'event.action': 'sudo',
    'event.outcome': refusal === '' ? 'success' : 'failure',
    // Without a wrong password it is a command that was run or refused, not an authentication.
    'event.category': count === undefined ? 'process' : 'authentication',
    ...(count === undefined || count === '1' ? undefined : {'event.count': Number(count)}),
    ...(refusal === '' ? undefined : {'event.reason': refusal}),
    ...(target === undefined ? undefined : {'user.effective.name': target}),
    ...(command < 0 ? undefined : {'process.command_line': rest.slice(command + 11)}),
  });
}

const suForms: readonly {readonly form: RegExp; readonly success: boolean}[] = [
  {form: /^FAILED SU \(to (\S{1,255})\) (\S{1,255}) on (\S{1,64})$/, success: false},
  {form: /^\(to (\S{1,255})\) (\S{1,255}) on (\S{1,64})$/, success: true},
  {form: /^FAILED su for (\S{1,255}) by (\S{1,255})$/, success: false},
  {form: /^Successful su for (\S{1,255}) by (\S{1,255})$/, success: true},
];

/** `(to root) alice on pts/0`, `FAILED SU (to root) alice on pts/0`, and the older wording. */
export function readSu(entry: Entry): boolean {
  for (const {form, success} of suForms) {
    const found = form.exec(entry.message);
    if (!found) continue;
    entry.user = found[2] ?? '';
    return addFields(entry, {
      'event.action': 'su',
      'event.category': 'authentication',
      'event.outcome': success ? 'success' : 'failure',
      'user.effective.name': found[1] ?? '',
    });
  }
  return false;
}

function refusalEnd(rest: string): number {
  const end = rest.indexOf(' ; ');
  return end < 0 ? rest.length : end;
}
