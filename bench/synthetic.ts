import {type AlertLevel, alertLevels} from '../src/event/level.ts';
import type {ConversationRow, LiveSample, LogRow, PacketRow, Snapshot, TalkerRow} from '../src/pipeline/snapshot.ts';
import type {AlertGroup} from '../src/store/sink.ts';

/** 2026-01-15 12:00:00 UTC: made-up snapshots begin here, so that the same number of them is always the same. */
export const begin = Date.UTC(2026, 0, 15, 12) * 1000;

type Traffic = Pick<Snapshot, 'conversations' | 'talkers'>;

const rowsHeld = 500;
const second = 1_000_000;

/** Made-up snapshots of a busy machine, each different from the last in every pane, the same in every run. */
export function* syntheticSnapshots(perSecond: number): Generator<Snapshot> {
  let [logs, packets, samples]: [LogRow[], PacketRow[], LiveSample[]] = [[], [], []];
  let traffic: Traffic = {conversations: [], talkers: []};
  for (let sequence = 1; ; sequence++) {
    const time = begin + Math.floor((sequence * second) / perSecond);
    const numbers = Array.from({length: 20}, (_, index) => (sequence - 1) * 20 + index + 1);
    logs = [...logs, ...numbers.map(seq => logRow(seq, time))].slice(-rowsHeld);
    packets = [...packets, ...numbers.map(number => packetRow(number, time))].slice(-rowsHeld);
    if (sequence % perSecond === 1 || perSecond === 1) samples = [...samples, sample(sequence, time)].slice(-900);
    // As the engine does: twice a second, and between the same lists.
    if (sequence === 1 || sequence % Math.max(1, Math.round(perSecond / 2)) === 0) traffic = trafficAt(time, sequence);
    yield snapshot(sequence, time, {logs, packets, samples, ...traffic});
  }
}

/** A log entry by its sequence number. */
export function logRow(seq: number, time: number): LogRow {
  const provider = programs[seq % programs.length] ?? 'kernel';
  const from = `10.0.${seq % 250}.${(seq * 7) % 250}`;
  return {
    seq,
    time: time - 50_000 + (seq % 20) * 2_500,
    level: seq % 17 === 0 ? 3 : seq % 7 === 0 ? 4 : 6,
    code: seq % 5 === 0 ? 4624 : 0,
    provider,
    message: `entry ${seq}: connection from ${from} port ${20_000 + (seq % 9000)} took ${seq % 900} ms`,
    host: 'workshop',
    user: '',
    historical: false,
  };
}

const programs = ['sshd', 'sudo', 'cron', 'kernel', 'nginx', 'systemd'] as const;

function snapshot(
  sequence: number,
  time: number,
  lists: Pick<Snapshot, 'logs' | 'packets' | 'samples' | keyof Traffic>,
): Snapshot {
  const received = sequence * 20 + 33;
  return {
    version: 2,
    sequence,
    time,
    started: begin,
    host: 'workshop',
    agent: '00000000-0000-4000-8000-000000000000',
    mode: 'live',
    startup: [{what: 'store', state: 'ok', detail: 'siem.db, 12,345 log entries'}],
    ...accounts(received, time),
    queue: {length: sequence % 90, capacity: 20_000},
    rates: {events: 180 + (sequence % 40), packets: 200 + (sequence % 30), alerts: 0.2},
    alerts: Array.from({length: 12}, (_, index) => alert(index, time, sequence)),
    alertTotals: {open: 12, acknowledged: 3, closed: 5, findings: 40 + sequence},
    ...lists,
    applications: [],
    processes: [{pid: 712, name: 'postgres', cpu: 12.5, memory: 4.1}],
    shares: {
      level: shares(['information', 'warning', 'error'], sequence),
      source: shares(['sshd', 'sudo', 'cron', 'kernel', 'nginx', 'other'], sequence),
      'event-id': shares(['0', '4624', '701', 'other'], sequence),
      'anomaly-type': shares(['Network Packet Anomaly', 'System Log'], sequence),
      protocol: shares(['TCP', 'UDP', 'other'], sequence),
    },
    anomaliesByHour: Array.from({length: 24}, (_, index) => ({
      hour: begin - (23 - index) * 3600 * second,
      count: (index * 37) % 90,
      why: '',
    })),
  };
}

function accounts(
  received: number,
  time: number,
): Pick<Snapshot, 'sources' | 'total' | 'packetCounters' | 'store' | 'model'> {
  const total = {
    received,
    stored: received - 40,
    duplicate: 10,
    filtered: 20,
    dropped: {'too-long': 3},
    inFlight: 7,
  };
  const ids = ['journald', 'file:/var/log/nginx/access.log', 'system'];
  return {
    sources: ids.map((id, index) => ({
      ...total,
      id,
      state: 'running',
      detail: 'following',
      rate: 20 + index,
      newest: time,
    })),
    total,
    packetCounters: {
      seen: received,
      decoded: received - 5,
      dropped: {'ring full': 5},
      bytes: received * 700,
      flows: 120,
      aggregatedByOffload: 4,
      rate: 200,
    },
    store: {
      engine: 'native',
      path: '/var/lib/siem/siem.db',
      bytes: 48e6 + received * 150,
      logs: received,
      state: 'ok',
      detail: '',
    },
    model: {
      state: 'ready',
      progress: 1,
      detail: '',
      trained: begin - 3600 * second,
      stepMicros: 62,
      scored: received,
      skipped: 0,
    },
  };
}

function packetRow(number: number, time: number): PacketRow {
  return {
    time: time - 50_000 + (number % 20) * 2_500,
    source: `10.0.0.${number % 200}`,
    sourcePort: 443,
    destination: `192.168.1.${(number * 3) % 200}`,
    destinationPort: 50_000 + (number % 9999),
    protocol: number % 3 === 0 ? 'UDP' : 'TLS',
    length: 60 + (number % 1400),
    information: `packet ${number}, ack ${number * 11}`,
    interface: 'eth0',
    problem: '',
    link: 'ethernet',
    etherType: 0,
    vlan: -1,
    outgoing: false,
    bytes: 'AAAA'.repeat(150),
  };
}

function trafficAt(time: number, sequence: number): Traffic {
  return {
    conversations: Array.from({length: 200}, (_, index) => conversation(index, time, sequence)),
    talkers: Array.from({length: 50}, (_, index) => talker(index, time, sequence)),
  };
}

function conversation(index: number, time: number, sequence: number): ConversationRow {
  return {
    id: `1:${index}`,
    time: begin,
    last: time,
    ended: index % 5 === 0,
    transport: 'tcp',
    service: 'https',
    process: 'curl',
    host: `host${index}.example.org`,
    source: '10.0.0.7',
    sourcePort: 50_000 + index,
    destination: `192.0.2.${index}`,
    destinationPort: 443,
    interface: 'eth0',
    bytesOut: 1_000 * sequence,
    bytesIn: 7_000 * sequence + index,
    packetsOut: sequence,
    packetsIn: 7 * sequence,
    state: 'S1',
    minuteBytes: 400_000 - index * 1_900,
    minutePackets: 400 - index,
  };
}

function talker(index: number, time: number, sequence: number): TalkerRow {
  return {
    address: `192.0.2.${index}`,
    last: time,
    bytesOut: 7_000 * sequence + index,
    bytesIn: 1_000 * sequence,
    packetsOut: 7 * sequence,
    packetsIn: sequence,
    flows: 3,
    minuteBytes: 400_000 - index * 7_900,
    minutePackets: 400 - index * 7,
    share: 0.4 / (index + 1),
  };
}

function alert(index: number, time: number, sequence: number): AlertGroup {
  const level: AlertLevel = alertLevels[(index * 3) % alertLevels.length] ?? 'low';
  return {
    id: `alert${index}`.padEnd(32, '0'),
    host: 'workshop',
    agent: 'agent',
    rule: `auth.failed.burst.${index}`,
    ruleName: `Failed logins, kind ${index}`,
    level,
    category: 'System Log',
    entity: `10.9.8.${index}`,
    reason: `${20 + sequence} failed logins of root from 10.9.8.${index} within ten minutes, where 1 is usual`,
    techniques: ['T1110.001'],
    first: begin - 600 * second,
    last: index === 0 ? time : begin - index * 60 * second,
    count: index === 0 ? 20 + sequence : 20,
    historical: index > 9,
    status: 'open',
    provider: 'sshd',
    code: 0,
    event: {'@timestamp': new Date(begin / 1000).toISOString(), message: 'Failed password for root'},
  };
}

function sample(sequence: number, time: number): LiveSample {
  const wave = (period: number) => 50 + 40 * Math.sin(sequence / period);
  return {
    time,
    cpu: wave(40),
    cores: [wave(30), wave(50)],
    memory: wave(400),
    swap: 5,
    load: wave(60) / 25,
    diskRead: wave(20) * 1e5,
    diskWrite: wave(25) * 2e5,
    diskUsed: 61,
    networkReceived: wave(15) * 1e4,
    networkSent: wave(18) * 5e3,
  };
}

function shares(values: readonly string[], sequence: number): readonly {value: string; count: number}[] {
  return values.map((value, index) => ({value, count: Math.floor((1000 + sequence) / (index + 1))}));
}
