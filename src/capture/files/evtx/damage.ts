/** What may be wrong with a part of an event log file. Each is counted under this name, and costs that part only. */
export const damages = [
  /** 64 KiB that hold bytes, but do not begin with a chunk's signature. */
  'chunk-signature',
  /** The file ends within a chunk. */
  'chunk-cut',
  /** No record begins where the one before it ends. */
  'record-signature',
  /** A record says that it is shorter than its head, or longer than its chunk. */
  'record-size',
  /** Whole records of the same chunk that stand behind one whose end is not known. They are left out. */
  'record-after-damage',
  /** The binary XML of a record breaks off or holds what has no meaning there. */
  'record-content',
  /** A record refers to a template that is not where it should be, or that holds itself. */
  'record-template',
  /** A record nests deeper, or grows larger when its templates are filled in, than any that Windows writes. */
  'record-too-large',
] as const;

export type Damage = (typeof damages)[number];

/** Thrown where a record's content cannot be read. */
export class DamageError extends Error {
  readonly damage: Damage;

  constructor(damage: Damage) {
    super(damage);
    this.name = 'DamageError';
    this.damage = damage;
  }
}
