import type {LogEvent} from '../../../event/event.ts';
import {type Entity, entity} from './entity.ts';

const pkexec = /\[USER=(\S{1,64})\] \[TTY=[^\]]{0,128}\] \[CWD=[^\]]{0,1024}\] \[COMMAND=([^\s\]]{1,256})/;
const doas = /^(\S{1,64}) ran command (\S{1,256}).{0,1024} as (\S{1,64}) from /;
const key = /: \S{1,20} ((?:SHA256:|MD5:)?[\w+/=:-]{16,128})$/;

/** The program that pkexec ran for somebody, or refused to run. */
export function pkexecProgram({message}: LogEvent): Entity | undefined {
  return entity('elevated', pkexec.exec(message)?.[2]);
}

export function doasProgram({message}: LogEvent): Entity | undefined {
  return entity('elevated', doas.exec(message)?.[2]);
}

/** Who became whom by su. */
export function changedIdentity({user, fields}: LogEvent): Entity | undefined {
  const target = fields?.['user.effective.name'];
  if (user === undefined || typeof target !== 'string' || fields?.['event.outcome'] !== 'success') return undefined;
  return entity('identity', `${user} to ${target}`);
}

/** The key that opened a login, with whose it is: `Accepted publickey for root from … ssh2: ED25519 SHA256:…`. */
export function loginKey({message, user, fields}: LogEvent): Entity | undefined {
  if (user === undefined || fields?.['sshd.method'] !== 'publickey' || fields['event.outcome'] !== 'success')
    return undefined;
  const print = key.exec(message)?.[1];
  return print === undefined ? undefined : entity('key', `${print} of ${user}`, user);
}
