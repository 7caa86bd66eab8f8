import type {AlertChange, AlertGroup} from '../event/alert-group.ts';
import {minute} from '../event/clock.ts';
import type {Micros} from '../event/event.ts';
import {isAboutWire} from '../event/wire-row.ts';
import type {QueryRow} from '../query/request.ts';
import {otherRows} from '../query/wire-rows.ts';
import type {SqlReader} from './store-reader.ts';

/** What an analyst looks at beside one alert. */
export interface AlertContext {
  readonly group: AlertGroup;
  readonly changes: readonly AlertChange[];
  /** What it gained minute by minute, the newest. */
  readonly anomalies: readonly QueryRow[];
  /** When its newest triggering event happened: `event.id` in `group.event` names the line, where it is one. */
  readonly moment: Micros;
  /** The log lines within a minute of that moment, oldest first; rows of the wire only of an alert that is about such. */
  readonly logs: readonly QueryRow[];
}

/** The alert whose id begins with `idPrefix`, with all that helps to judge it; undefined where there is none. */
export function alertContext(reader: SqlReader, idPrefix: string): AlertContext | undefined {
  const found = reader.alert(idPrefix);
  if (!found) return undefined;
  const {group, changes} = found;
  const moment = momentOf(group);
  const anomalies = reader.rows({
    kind: 'anomalies',
    limit: mostAnomalies,
    where: {type: 'field', name: 'alert.id', comparison: '=', value: group.id, quoted: true, at: 0, end: 0},
  });
  return {
    group,
    changes,
    anomalies,
    moment,
    logs: reader.around('logs', moment, mostLines, minute, isAboutWire(group) ? undefined : otherRows),
  };
}

const mostAnomalies = 200;
/** Lines before the moment, and after it. */
const mostLines = 250;

/** ISO 8601 with up to six fractional digits, as `isoTime` writes it; packets' alerts have no event with a time. */
function momentOf(group: AlertGroup): Micros {
  const time = group.event['@timestamp'];
  const found = typeof time === 'string' ? /^(.{19}\.\d{3})(\d{3})?Z$/.exec(time) : null;
  const millis = Date.parse(`${found?.[1]}Z`);
  return Number.isNaN(millis) ? group.last : millis * 1000 + Number(found?.[2] ?? 0);
}
