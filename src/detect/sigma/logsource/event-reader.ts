import type {Event, LogEvent, Micros} from '../../../event/event.ts';
import {type AuditGroup, AuditGroups, joinRecords} from './audit-group.ts';
import {AuditNames} from './audit-process.ts';
import {classify} from './classify.ts';
import {auditConnectionView, auditFileView, auditProcessView, joinedAuditView} from './linux.ts';
import type {RawFields} from './raw-fields.ts';
import {EventTexts, type View, ViewedEvent} from './view.ts';

/** An event, or the joined records of an audit event, as the kinds of log that it is. */
export interface SeenEvent {
  readonly views: readonly ViewedEvent[];
  /** The audit event that it is part of or is. */
  readonly group?: AuditGroup;
  readonly isJoined?: boolean;
}

/** Turns events into what rules can be asked about; joins audit records on the way. */
export class EventReader {
  readonly #groups = new AuditGroups();
  readonly #names = new AuditNames();

  /** Audit events that were judged early because too many were open. */
  get evicted(): number {
    return this.#groups.evicted;
  }

  read(event: Event): SeenEvent[] {
    const classified = classify(event);
    if (!classified) return [];
    const {views, raw} = classified;
    if (event.kind !== 'log' || event.provider !== 'auditd' || !raw.has('sequence')) return [{views}];
    const {group, ended} = this.#groups.add(event, raw);
    return [{views, group}, ...ended.map(done => this.#join(done))];
  }

  /** Audit events that no further record will come for, by the clock. */
  expire(now: Micros): SeenEvent[] {
    return this.#groups.expire(now).map(group => this.#join(group));
  }

  finish(): SeenEvent[] {
    return this.#groups.finish().map(group => this.#join(group));
  }

  #join(group: AuditGroup): SeenEvent {
    const event = mainRecord(group);
    const raw = joinRecords(group);
    const message = group.records.map(record => record.event.message).join('\n');
    const texts = new EventTexts(message, raw);
    const seen = (view: View, fields: RawFields | undefined) =>
      fields && event ? [new ViewedEvent(event, view, fields, texts)] : [];
    return {
      views: [
        ...(group.records.length > 1 ? seen(joinedAuditView, raw) : []),
        ...seen(auditProcessView, this.#names.process(group, raw)),
        ...seen(auditFileView, this.#names.file(group, raw)),
        ...seen(auditConnectionView, this.#names.connection(group, raw)),
      ],
      group,
      isJoined: true,
    };
  }
}

/** The record that an alert shows: what was run, else what was called. */
function mainRecord({records}: AuditGroup): LogEvent | undefined {
  const of = (type: string) => records.find(({raw}) => raw.get('type') === type)?.event;
  return of('EXECVE') ?? of('SYSCALL') ?? records[0]?.event;
}
