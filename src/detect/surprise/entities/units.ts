import {type Entity, entity, steadyName} from './entity.ts';

const mentioned = /(?<![\w@:.\\-])[\w@:.\\-]{1,200}\.(?:service|timer|socket|path)(?![\w-]|\.\w)/;
/** What lasts: scopes, slices, mounts and devices come and go with what people do. */
const lasting = /^([^\s]{1,200}?)\.(service|timer|socket|path)$/;
const verbs = /^(?:Starting|Started|Finished|Listening on|Reloading) (.{1,240})$/;
/** Where systemd names units by their descriptions, these stand for people's sessions and for containers. */
const passing = /^(?:Session \S+ of [Uu]ser |User (?:Manager|Runtime Directory|Slice)\b|libcontainer container )/;

/**
 * The unit that an entry of systemd is about: `Started ssh.service - OpenBSD Secure Shell server.`, `ssh.service: Main
 * process exited`, whatever it says of it; where units are named by description, the one that is started.
 */
export function unitNamed(message: string): Entity | undefined {
  const named = mentioned.exec(message)?.[0];
  if (named !== undefined) return unitOf(named);
  const what = verbs.exec(message)?.[1];
  if (what === undefined || passing.test(what)) return undefined;
  // A scope, a mount: named by its name, and none that lasts.
  return / /.test(what.split(' - ', 1)[0] ?? '') ? entity('unit', steadyName(what.replace(/\.{1,3}$/, ''))) : undefined;
}

/** `unit=ssh` of an audit record: services are named there without their ending. */
export function auditedUnit(name: string): Entity | undefined {
  return unitOf(/\.[a-z]+$/.test(name) && lasting.test(name) ? name : `${name}.service`);
}

function unitOf(full: string): Entity | undefined {
  const found = lasting.exec(full);
  if (!found) return undefined;
  const [, name = '', type] = found;
  // Of a template each instance is one more of the same.
  const at = name.indexOf('@');
  const own = at > 0 ? `${name.slice(0, at)}@` : steadyName(name);
  return entity('unit', type === 'service' ? own : `${own}.${type}`);
}
