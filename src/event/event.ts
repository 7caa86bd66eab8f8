import type {AlertLevel, Level} from './level.ts';

/** Microseconds since 1970 UTC, an integer. */
export type Micros = number;

/** A value a field of an event may hold. 64-bit numbers that do not fit a double stay strings. */
export type FieldValue = string | number | boolean;

/**
 * Where events come from, shared by reference by all events of one run of a source. (agent, source, epoch, position)
 * names an event for ever: the same bytes read again give the same four, so redelivery is harmless.
 */
export interface Origin {
  /** This installation, a UUID kept in the data folder (`agent.id`). */
  readonly agent: string;
  /** The machine that the source watches (`host.name`), unless an event names another. */
  readonly host: string;
  /** The source, for example `file:/var/log/auth.log`, `journald`, `syslog:udp:127.0.0.1:5514`, `packets:eth0`. */
  readonly source: string;
  /** What positions count within: a file's identity, a journal's sequence id, a listener's start. */
  readonly epoch: string;
  /** `event.dataset`, for example `syslog`, `auditd`, `dpkg`, `nginx.access`, `flow`, `system`. */
  readonly dataset: string;
}

interface EventBase {
  readonly origin: Origin;
  /** Place within the epoch: a byte offset, a sequence number, a packet's ordinal. Unique there. An integer. */
  readonly position: number;
  /** When it happened, by the source's own clock. */
  readonly time: Micros;
  /** When this program first saw it. */
  readonly ingested: Micros;
}

/** One entry of an event log. */
export interface LogEvent extends EventBase {
  readonly kind: 'log';
  readonly level: Level;
  /** `event.code`: Windows' `EventID & 0xFFFF`; 0 where the source has none. */
  readonly code: number;
  /** `event.provider`: the program or Windows provider that wrote it; the "source" column. */
  readonly provider: string;
  /** Sanitised text (see sanitize.ts). */
  readonly message: string;
  /** `host.name` where it differs from the origin's. */
  readonly host?: string;
  /** `user.name` */
  readonly user?: string;
  /** `process.pid` */
  readonly pid?: number;
  /** All else, by ECS name (`source.ip`, `winlog.channel`, `file.path` …). Values are sanitised. */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** The mean of one measured value over an interval. */
export interface MetricEvent extends EventBase {
  readonly kind: 'metric';
  /** For example `cpu.total`, `cpu.core.0`, `memory.used`, `disk.sda.read`, `network.eth0.received`. */
  readonly name: string;
  readonly value: number;
  /** The largest single sample within the interval. */
  readonly max: number;
  /** `percent`, `bytes`, `bytes/s`, `count`, `load`. */
  readonly unit: string;
}

/** How a TCP connection stands, in Zeek's words; other transports use SF (answered) and S0 (unanswered). */
export type FlowState = 'S0' | 'S1' | 'SF' | 'REJ' | 'RSTO' | 'RSTR' | 'SH' | 'SHR' | 'OTH';

/**
 * One conversation (5-tuple, both directions). Reported when it begins, again while it lasts, and when it ends, always
 * with the same position: a later report replaces the earlier one in the store.
 */
export interface FlowEvent extends EventBase {
  readonly kind: 'flow';
  /** Time of the newest packet. `time` is that of the first. */
  readonly last: Micros;
  readonly ended: boolean;
  /** `network.transport`: `tcp`, `udp`, `icmp`, `ipv6-icmp`, `arp`, or the IP protocol's number as text. */
  readonly transport: string;
  /** `network.protocol`: by content, else guessed from the ports: `dns`, `https`, `ssh` …; '' if none. */
  readonly service: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly sourceMac: string;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly destinationMac: string;
  readonly interface: string;
  /** 0 where untagged. */
  readonly vlan: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly state: FlowState;
  /** Zeek's history letters: upper case from the source, lower case from the destination. */
  readonly history: string;
  /**
   * What else is known, by ECS name (`network.community_id`, `destination.domain`, `tls.client.ja4`, `process.name` …).
   * Values are sanitised.
   */
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

/** Everything that enters the pipeline. */
export type Event = LogEvent | MetricEvent | FlowEvent;

export type EventKind = Event['kind'];

/** The original program's word for what an alert is about (`event.category`). */
export const anomalyTypes = [
  'Network Packet Anomaly',
  'Windows Event Log Anomaly',
  'System Log',
  'Performance',
  'Rule',
] as const;

export type AnomalyType = (typeof anomalyTypes)[number];

/** What a detector is called and how serious its finding is. Ids are stable words: `auth.failed.burst`. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly level: AlertLevel;
  readonly category: AnomalyType;
  /** ATT&CK technique ids, for example `T1110.001`. */
  readonly techniques: readonly string[];
}

/** One finding of one detector. Grouping (detect/alerts) turns findings into what an analyst sees. */
export interface Alert {
  readonly rule: Rule;
  /** Overrides the rule's level where this finding is more or less serious than usual. */
  readonly level?: AlertLevel;
  /** Event time of what was found. */
  readonly time: Micros;
  readonly host: string;
  /** What the finding is about (an address, a user, a file, a stream): with the rule's id it names the group. */
  readonly entity: string;
  /** Tells apart what one rule finds about one entity for different reasons; '' or absent where there is but one. */
  readonly cause?: string;
  /** A sentence for a person: what was seen, what was expected, with numbers. */
  readonly reason: string;
  /** How many events or packets this finding stands for; 1 or more. */
  readonly count: number;
  /** The event that triggered it, where there is one. */
  readonly event?: Event;
  /** The triggering fields by ECS name, where no event carries them (packets). */
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** True where the event was read back from before this run began to watch. */
  readonly historical?: boolean;
}
