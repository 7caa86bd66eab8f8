import {minute} from '../event/clock.ts';
import {isoTime} from '../event/ecs.ts';
import type {Snapshot, StartupLine} from '../pipeline/snapshot.ts';
import type {AlertGroup} from '../store/sink.ts';
import {droppedTotal} from './panes/status-bar.ts';
import {printable} from './text.ts';

export interface PlainOptions {
  subscribe(onSnapshot: (snapshot: Snapshot) => void): () => void;
  /** Where lines go: a pipe, a file, a terminal that can do nothing else. */
  readonly output: NodeJS.WritableStream;
  /** Called once when nobody reads any more. */
  onClosed(): void;
}

/** Most lines that wait for a reader that is behind; more are counted and told when it has caught up. */
export const mostWaiting = 10_000;

/**
 * The monitor where there is no screen: what was opened at start-up, one line for each alert that is new or changed its level, and a
 * line a minute of how things stand. No escape codes; a reader that goes away ends it quietly.
 */
export function startPlain({subscribe, output, onClosed}: PlainOptions): {stop(): void} {
  const lines = new PlainLines();
  let [waiting, skipped, stopped] = [0, 0, false];
  const write = (line: string) => {
    if (waiting >= mostWaiting) {
      skipped++;
      return;
    }
    const told = skipped > 0 ? `… ${skipped} lines were not written, for the reader was behind\n` : '';
    skipped = 0;
    waiting++;
    output.write(`${told}${line}\n`, () => {
      waiting--;
    });
  };
  const stop = () => {
    if (stopped) return;
    stopped = true;
    unsubscribe();
  };
  // EPIPE (`siem monitor | head`) is how a reader says that it has enough, no fault.
  output.on('error', () => {
    if (stopped) return;
    stop();
    onClosed();
  });
  const unsubscribe = subscribe(snapshot => {
    if (!stopped) for (const line of lines.of(snapshot)) write(line);
  });
  return {stop};
}

/** What a snapshot adds to the lines written so far. */
export class PlainLines {
  readonly #startup = new Map<string, string>();
  #levels = new Map<string, string>();
  #nextStatus = 0;

  of(snapshot: Snapshot): readonly string[] {
    const lines = [...this.#startupLines(snapshot.startup), ...this.#alertLines(snapshot.alerts)];
    if (this.#nextStatus === 0) this.#nextStatus = snapshot.time + minute;
    if (snapshot.time >= this.#nextStatus) {
      this.#nextStatus = snapshot.time + minute;
      lines.push(statusLine(snapshot));
    }
    return lines.map(line => printable(line, true));
  }

  *#startupLines(startup: readonly StartupLine[]): Generator<string> {
    for (const line of startup) {
      const mend = line.mend === undefined ? '' : ` (to mend: ${line.mend})`;
      const text = `${line.what}: ${line.state === 'note' ? '' : `${line.state}, `}${line.detail}${mend}`;
      if (line.state === 'opening' || this.#startup.get(line.what) === text) continue;
      this.#startup.set(line.what, text);
      yield text;
    }
  }

  /** Forgets the alerts that a snapshot no longer holds, so that this does not grow for ever. */
  #alertLines(alerts: readonly AlertGroup[]): string[] {
    const known = this.#levels;
    this.#levels = new Map(alerts.map(({id, level}) => [id, level]));
    return alerts.filter(alert => known.get(alert.id) !== alert.level).map(alertLine);
  }
}

function alertLine(alert: AlertGroup): string {
  const historical = alert.historical ? ' (historical)' : '';
  const count = alert.count === 1 ? '' : ` ×${alert.count}`;
  return `${isoTime(alert.last)} ALERT ${alert.level} ${alert.ruleName}${count}${historical}: ${alert.reason}`;
}

function statusLine({time, rates, queue, total, packetCounters, alertTotals, store}: Snapshot): string {
  return [
    `${isoTime(time)} status`,
    `${rates.events.toFixed(1)} events/s`,
    `${rates.packets.toFixed(1)} packets/s`,
    `queue ${queue.length}/${queue.capacity}`,
    `stored ${total.stored}`,
    `dropped ${droppedTotal({total, packetCounters})}${packetCounters.lossUnknown ? '+?' : ''}`,
    `alerts open ${alertTotals.open}`,
    `database ${store.bytes} bytes${store.state === 'ok' ? '' : `, ${store.state}: ${store.detail}`}`,
  ].join(', ');
}
