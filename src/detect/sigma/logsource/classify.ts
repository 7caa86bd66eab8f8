import type {Event, FlowEvent, LogEvent} from '../../../event/event.ts';
import {applicationView, ownView} from './application.ts';
import {auditView, isLinux, linuxView} from './linux.ts';
import {ciscoView, dnsLookup, firewallEntry, firewallView, flowView, readFirewallLine} from './network.ts';
import {flowFields, logFields, type RawFields} from './raw-fields.ts';
import {sensorRowView} from './sensor-rows.ts';
import {eveView, zeekView} from './sensors.ts';
import {EventTexts, type View, ViewedEvent} from './view.ts';
import {errorView, isRequest, requestView} from './web.ts';
import {isWindows, nameHead, windowsViews} from './windows.ts';

export interface Classified {
  /** The event as each kind of log that it is. */
  readonly views: readonly ViewedEvent[];
  readonly raw: RawFields;
}

/** Finds the kinds of log that an event is, and with them the names its fields have in rules. Metrics are none. */
export function classify(event: Event): Classified | undefined {
  if (event.kind === 'metric') return undefined;
  const raw = event.kind === 'flow' ? flowFields(event) : logFields(event);
  const views = event.kind === 'flow' ? flowViews(event, raw) : logViews(event, raw);
  const texts = new EventTexts(event.kind === 'log' ? event.message : '', raw);
  return {raw, views: views.map(view => new ViewedEvent(event, view, raw, texts))};
}

function flowViews(event: FlowEvent, raw: RawFields): readonly View[] {
  const sensor = sensorRowView(event, raw);
  return sensor ? [flowView, sensor] : [flowView];
}

function logViews(event: LogEvent, raw: RawFields): readonly View[] {
  const sensor = sensorRowView(event, raw);
  if (sensor) return [sensor];
  if (isWindows(raw)) {
    nameHead(event, raw);
    return windowsViews(raw);
  }
  if (raw.has('type') && event.provider === 'auditd') return [auditView(raw)];
  if (event.provider === 'siem') return [ownView(event)];
  const special =
    zeekView(event, raw) ?? eveView(raw) ?? dnsLookup(raw) ?? firewallEntry(event, raw) ?? ciscoView(event);
  if (special) return [special];
  if (isRequest(raw)) return [requestView(event, raw)];
  const error = errorView(event);
  if (error) return [error];
  if (readFirewallLine(event, raw)) return [linuxView(event, raw), firewallView];
  return [isLinux(event) ? linuxView(event, raw) : applicationView(event, raw)];
}
