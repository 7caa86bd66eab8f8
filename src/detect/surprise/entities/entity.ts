/** Kinds of lasting things of a machine that log entries name, each with words for a person. */
export const entityKinds = {
  unit: 'the systemd unit',
  service: 'the service',
  job: 'the scheduled job',
  module: 'the kernel’s module or driver',
  account: 'the account',
  membership: 'the membership',
  key: 'the login key',
  identity: 'the change of identity',
  elevated: 'the program run with another user’s rights',
  crash: 'a crash of',
} as const;

export type EntityKind = keyof typeof entityKinds;

/** What is made in one go with something of another kind counts with that: an account is given its groups. */
export function familyOf(kind: EntityKind): EntityKind {
  return kind === 'membership' ? 'account' : kind;
}

/** Something that lasts on a machine, as an entry names it: a unit, an account, a kernel module. */
export interface Entity {
  readonly kind: EntityKind;
  /** The same each time, without numbers that differ from run to run. */
  readonly name: string;
  /** The account that it belongs to, where it comes with one: a login key. */
  readonly owner?: string;
}

const longestName = 160;

export function entity(kind: EntityKind, name: string | undefined, owner?: string): Entity | undefined {
  const text = name?.trim() ?? '';
  if (text === '') return undefined;
  return {kind, name: text.slice(0, longestName), ...(owner === undefined ? {} : {owner})};
}

/** Numbers, identifiers and addresses that differ from run to run are all alike. */
export function steadyName(name: string): string {
  return name.replace(/\b(?:0x)?(?=[a-f]{0,64}\d)[0-9a-f]{8,64}\b|\d{3,}/gi, '*');
}
