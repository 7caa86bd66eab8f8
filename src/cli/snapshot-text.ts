import {isoTime} from '../event/ecs.ts';
import {sanitizeLine} from '../event/sanitize.ts';
import type {Conservation, Share, Snapshot} from '../pipeline/snapshot.ts';

const shownAlerts = 20;

/** One snapshot as plain text: what `siem monitor --once` prints for a person. */
export function snapshotText(snapshot: Snapshot): string {
  const {host, time, sources, packetCounters, total, alertTotals, store, model, shares, samples} = snapshot;
  const last = samples.at(-1);
  const percent = (value: number | null | undefined) => (typeof value === 'number' ? `${value.toFixed(1)} %` : '–');
  const lines = [
    `${host} at ${isoTime(time)}`,
    '',
    `Machine   processor ${percent(last?.cpu)}, memory ${percent(last?.memory)}, disk ${percent(last?.diskUsed)}`,
    `Events    ${account(total)}`,
    `Packets   ${packets(packetCounters)}; ${packetCounters.flows} flows open`,
    `Alerts    ${alertTotals.open} open, ${alertTotals.acknowledged} acknowledged, ${alertTotals.closed} closed; ${alertTotals.findings} findings`,
    `Store     ${store.engine}, ${(store.bytes / 1_048_576).toFixed(1)} MB, ${store.logs} log entries`,
    `Model     ${model.state}${model.detail ? `: ${model.detail}` : ''}`,
    '',
    'Sources',
    ...sources.map(
      source => `  ${source.state.padEnd(12)} ${source.id}: ${source.detail}${source.mend ? ` → ${source.mend}` : ''}`,
    ),
    '',
    'Last 24 hours',
    shareLine('levels', shares.level),
    shareLine('sources', shares.source),
    shareLine('event ids', shares['event-id']),
    shareLine('protocols', shares.protocol),
    '',
    `Newest alerts (${Math.min(shownAlerts, snapshot.alerts.length)} of ${snapshot.alerts.length})`,
    ...snapshot.alerts
      .slice(-shownAlerts)
      .map(
        alert =>
          `  ${isoTime(alert.last)} ${alert.level.padEnd(13)} ×${alert.count} ${alert.ruleName}: ${alert.reason}`,
      ),
  ];
  return `${lines.map(sanitizeLine).join('\n')}\n`;
}

function account(total: Conservation): string {
  const {received, stored, duplicate, filtered, inFlight, dropped} = total;
  return `${received} received = ${stored} stored + ${duplicate} duplicate + ${filtered} filtered + ${inFlight} in flight${losses(dropped)}`;
}

function packets({seen, decoded, dropped, lossUnknown}: Snapshot['packetCounters']): string {
  const unknown = lossUnknown ? ' + an unknown number dropped' : '';
  return `${seen} seen = ${decoded} decoded${losses(dropped)}${unknown}`;
}

export function losses(dropped: Readonly<Record<string, number>>): string {
  const parts = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? ' + 0 dropped' : ` + dropped (${parts.join(', ')})`;
}

function shareLine(name: string, shares: readonly Share[]): string {
  const all = shares.reduce((sum, {count}) => sum + count, 0);
  const top = shares.slice(0, 5).map(({value, count}) => `${value} ${((100 * count) / all).toFixed(1)} %`);
  return `  ${name.padEnd(10)} ${top.length === 0 ? 'nothing yet' : top.join(', ')}`;
}
