import {type Entity, entity} from './entity.ts';

const made = /^new user: name=([^,\s]{1,64}),/;
const systemMade = /^Creating user '?([^'\s]{1,64})'?/;
const member = /^add '([^']{1,64})' to (?:shadow )?group '([^']{1,64})'$/;
const added = /^[Uu]ser (\S{1,64}) added by \S{1,64} to group (\S{1,64})$/;

/** The account or the membership that useradd, usermod, gpasswd or systemd-sysusers say they made. */
export function changedAccount(message: string): Entity | undefined {
  const account = made.exec(message) ?? systemMade.exec(message);
  if (account) return entity('account', account[1]);
  const membership = member.exec(message) ?? added.exec(message);
  return membership ? entity('membership', `${membership[1]} in ${membership[2]}`) : undefined;
}
