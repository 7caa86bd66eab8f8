import type {Alert, Event, LogEvent, Rule} from '../../event/event.ts';
import type {AlertLevel} from '../../event/level.ts';
import type {Detector} from '../detector.ts';
import {hostOf, numberField, textField} from './log-field.ts';
import {type NoticeKind, noticeKind} from './zeek-notices.ts';

/** What another detector on this machine said: Suricata's alerts and Zeek's notices become alerts here. */
export class SensorAlerts implements Detector {
  readonly id = 'sensor.alerts';
  /** A rule is the same object for all its alerts. */
  readonly #rules = new Map<string, Rule>();

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      const found = event.kind === 'log' ? judge(event) : undefined;
      if (event.kind !== 'log' || found === undefined) continue;
      const {rule, ...finding} = found;
      alerts.push({rule: this.#known(rule), ...finding, time: event.time, host: hostOf(event), count: 1, event});
    }
    return alerts;
  }

  #known(rule: Rule): Rule {
    const known = this.#rules.get(rule.id);
    if (known !== undefined && isSame(known, rule)) return known;
    if (this.#rules.size >= mostRules) this.#rules.clear();
    this.#rules.set(rule.id, rule);
    return rule;
  }
}

const mostRules = 5_000;

type Finding = Pick<Alert, 'rule' | 'entity' | 'reason'>;

function isSame(a: Rule, b: Rule): boolean {
  return a.name === b.name && a.level === b.level && a.techniques.join() === b.techniques.join();
}

// The dataset is given by what read the log: no program can write its way into it.
function judge(event: LogEvent): Finding | undefined {
  if (event.origin.dataset === 'suricata.alert') return suricataAlert(event);
  return event.origin.dataset === 'zeek.notice' ? zeekNotice(event) : undefined;
}

function suricataAlert(event: LogEvent): Finding | undefined {
  const field = (name: string) => textField(event, `suricata.alert.${name}`);
  const sid = numberField(event, 'suricata.alert.signature_id');
  if (sid === undefined) return undefined;
  const gid = numberField(event, 'suricata.alert.gid') ?? 1;
  const signature = field('signature') || `Suricata signature ${gid}:${sid}`;
  const severity = numberField(event, 'suricata.alert.severity') ?? 3;
  const category = field('category');
  const blocked = field('action') === 'blocked' ? ' and blocked it' : '';
  return {
    rule: {
      id: `suricata.${gid}.${sid}`,
      name: signature,
      level: severityLevels[severity] ?? 'low',
      category: 'Network Packet Anomaly',
      techniques: techniquesIn(`${field('metadata.mitre_technique_id')} ${field('metadata.mitre_technique')}`),
    },
    entity: textField(event, 'source.ip') || hostOf(event),
    reason: `Suricata saw "${signature}"${category && ` (${category})`}${between(event)}${blocked}; its severity is ${severity}.`,
  };
}

const severityLevels: Readonly<Record<number, AlertLevel>> = {1: 'high', 2: 'medium', 3: 'low', 4: 'informational'};

function zeekNotice(event: LogEvent): Finding | undefined {
  const note = textField(event, 'zeek.note');
  if (note === '') return undefined;
  const kind: NoticeKind = noticeKind(note);
  const message = textField(event, 'zeek.msg');
  const more = textField(event, 'zeek.sub');
  const said = note.startsWith('ATTACK::') ? techniquesIn(`${message} ${more}`) : [];
  return {
    rule: {
      id: `zeek.notice.${safeWords(note)}`,
      name: `Zeek: ${note}`,
      level: kind.level,
      category: 'Network Packet Anomaly',
      techniques: said.length > 0 ? said : kind.techniques,
    },
    entity: textField(event, 'source.ip') || hostOf(event),
    reason: `Zeek noticed ${note}${between(event)}: ${message || 'it says no more'}${more && ` (${more})`}.`,
  };
}

/** `SSH::Password_Guessing` → `ssh.password-guessing`. */
function safeWords(note: string): string {
  const words = note.toLowerCase().slice(0, 100).replaceAll('::', '.');
  return words.replace(/[^a-z0-9.]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'unnamed';
}

function techniquesIn(words: string): readonly string[] {
  return [...new Set(words.match(/\bT\d{4}(?:\.\d{3})?\b/g))].slice(0, 10);
}

function between(event: LogEvent): string {
  const [from, to] = [textField(event, 'source.ip'), textField(event, 'destination.ip')];
  const port = numberField(event, 'destination.port');
  if (from === '') return '';
  return to === '' ? ` from ${from}` : ` from ${from} to ${to}${port ? ` port ${port}` : ''}`;
}
