import {type Entity, entity, steadyName} from './entity.ts';

// Any module that is not the distribution's own taints the kernel, and the kernel says so once.
const tainting =
  /^(\w{1,64}): (?:loading (?:out-of-tree|test) module |module verification failed|module license |module is from the staging )/;
const inserted = /^(?:Inserted module|Module) '(\w{1,64})'/;
const segfault = /^([^\s[\]]{1,64}(?: [^\s[\]]{1,64})?)\[\d{1,10}\]: segfault at /;
const trap = /^traps: ([^\s[\]]{1,64})\[\d{1,10}\] (?:general protection|trap )/;
const dumped = /^Process \d{1,10} \(([^)]{1,64})\) of user \S{1,20} (?:dumped core|terminated abnormally)/;

/** A module that taints the kernel, or a program that crashed. */
export function kernelEntity(message: string): Entity | undefined {
  const module = tainting.exec(message);
  if (module) return entity('module', module[1]);
  return crashed(segfault.exec(message) ?? trap.exec(message));
}

export function loadedModule(message: string): Entity | undefined {
  return entity('module', inserted.exec(message)?.[1]);
}

export function dumpedProgram(message: string): Entity | undefined {
  return crashed(dumped.exec(message));
}

function crashed(found: RegExpExecArray | null): Entity | undefined {
  return entity('crash', found?.[1] && steadyName(found[1]));
}
