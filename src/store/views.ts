import {levelNames} from '../event/level.ts';

/**
 * The stable interface for `siem query --sql` and other programs: readable names and ISO times over tables that may
 * change. Made anew whenever the layout changes. `time` stays in microseconds, for comparing: it is what has an index.
 */
export const views = `
DROP VIEW IF EXISTS logs;
CREATE VIEW logs AS
SELECT log.seq, ${iso('log.time')} AS timestamp, log.code AS event_id, ${levelText('log.level')} AS level,
  provider.text AS source, log.message, host.text AS host, user.text AS user, log.pid, log.fields, log.time,
  stream.source AS read_from, stream.dataset
FROM log
JOIN name AS provider ON provider.id = log.provider
JOIN name AS host ON host.id = log.host
JOIN stream ON stream.id = log.stream
LEFT JOIN name AS user ON user.id = log.user;

DROP VIEW IF EXISTS anomalies;
CREATE VIEW anomalies AS
SELECT anomaly.seq, ${iso('anomaly.time')} AS timestamp, anomaly.code AS event_id, anomaly.category AS anomaly_type,
  anomaly.provider AS source, anomaly.message, anomaly.level, anomaly.count, anomaly.alert, anomaly.time
FROM anomaly;

DROP VIEW IF EXISTS alerts;
CREATE VIEW alerts AS
SELECT alert.seq, ${iso('alert.last')} AS timestamp, alert.id, alert.status, alert.level, alert.rule,
  alert.rule_name, alert.category AS anomaly_type, alert.entity, alert.reason, alert.count,
  ${iso('alert.first')} AS first, ${iso('alert.last')} AS last, host.text AS host, alert.provider AS source,
  alert.code AS event_id, alert.techniques, alert.historical, alert.event AS fields, alert.last AS time
FROM alert
JOIN name AS host ON host.id = alert.host;

DROP VIEW IF EXISTS flows;
CREATE VIEW flows AS
SELECT flow.seq, ${iso('flow.last')} AS timestamp, ${iso('flow.time')} AS first, flow.transport, flow.service,
  flow.source_ip, flow.source_port, flow.source_mac, flow.destination_ip, flow.destination_port, flow.destination_mac,
  flow.packets_out, flow.bytes_out, flow.packets_in, flow.bytes_in, flow.state, flow.history, flow.ended, flow.vlan,
  flow.interface, (flow.last - flow.time) / 1e6 AS duration, flow.fields, stream.host, flow.last AS time
FROM flow
JOIN stream ON stream.id = flow.stream;

DROP VIEW IF EXISTS metrics;
CREATE VIEW metrics AS
SELECT metric.seq, ${iso('metric.time')} AS timestamp, series.name, metric.value, metric.max, series.unit, stream.host,
  metric.time
FROM metric
JOIN series ON series.id = metric.series
JOIN stream ON stream.id = series.stream;

DROP VIEW IF EXISTS traffic;
CREATE VIEW traffic AS
SELECT ${iso('minute')} AS timestamp, dimension, value, packets, sent + received AS bytes, sent, received, flows,
  minute AS time
FROM traffic_minute;
`;

// strftime rounds milliseconds; integers do not.
function iso(column: string): string {
  return `strftime('%Y-%m-%dT%H:%M:%S', ${column} / 1000000, 'unixepoch') || printf('.%06dZ', ${column} % 1000000)`;
}

function levelText(column: string): string {
  return `CASE ${column} ${levelNames.map((name, level) => `WHEN ${level} THEN '${name}'`).join(' ')} END`;
}
