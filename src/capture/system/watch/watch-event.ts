/** What a watched file is for; the field `siem.watch.kind`. */
export const watchKinds = ['authorized-keys', 'sudoers', 'unit', 'cron', 'watched'] as const;

export type WatchKind = (typeof watchKinds)[number];

/** `event.action` of what the watchers report. All their events have the provider `siem`. */
export const WatchActions = {
  portOpened: 'port_opened',
  portClosed: 'port_closed',
  fileCreated: 'file_created',
  fileChanged: 'file_changed',
  fileRemoved: 'file_removed',
} as const;

export const watchProvider = 'siem';
export const watchKindField = 'siem.watch.kind';
/** A sentence on what differs: `size 120 → 240 bytes, 1 line added`. */
export const watchChangesField = 'siem.watch.changes';
/** The first added lines, where they are no secret. */
export const watchAddedField = 'siem.watch.added';
/** True where the port lies in the range that the kernel gives out by itself. */
export const ephemeralField = 'siem.watch.ephemeral';
