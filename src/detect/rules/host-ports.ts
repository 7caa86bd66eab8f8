import {ephemeralField, WatchActions, watchProvider} from '../../capture/system/watch/watch-event.ts';
import {hour} from '../../event/clock.ts';
import type {Alert, Event, LogEvent, Micros, Rule} from '../../event/event.ts';
import {BoundedMap} from '../bounded-map.ts';
import type {Detector} from '../detector.ts';
import {hostOf, numberField, textField, userOf} from './log-field.ts';

/** Ports that began to listen. A service that only restarted is none: the same program, the same port, within an hour. */
export class HostPorts implements Detector {
  readonly id = 'host.port';
  readonly #closed = new BoundedMap<string, Closed>(2_000);

  onEvents(batch: readonly Event[]): readonly Alert[] {
    const alerts: Alert[] = [];
    for (const event of batch) {
      if (event.kind !== 'log' || event.provider !== watchProvider) continue;
      const action = textField(event, 'event.action');
      if (action === WatchActions.portClosed)
        this.#closed.set(keyOf(event), {time: event.time, program: programOf(event)});
      if (action === WatchActions.portOpened && !isClient(event) && !this.#isRestart(event)) alerts.push(opened(event));
    }
    return alerts;
  }

  save(): unknown {
    return [...this.#closed.entries()];
  }

  restore(state: unknown): void {
    if (!Array.isArray(state)) return;
    for (const [key, closed] of state as [string, Closed][]) this.#closed.set(key, closed);
  }

  #isRestart(event: LogEvent): boolean {
    const closed = this.#closed.get(keyOf(event));
    return closed !== undefined && closed.program === programOf(event) && event.time - closed.time < hour;
  }
}

interface Closed {
  readonly time: Micros;
  readonly program: string;
}

function opened(event: LogEvent): Alert {
  const address = textField(event, 'server.ip');
  const port = `${numberField(event, 'server.port') ?? 0}/${textField(event, 'network.transport')}`;
  const program = programOf(event);
  const user = userOf(event);
  const who = `${program || 'an unknown program'}${event.pid === undefined ? '' : ` (process ${event.pid})`}`;
  const [isLocal, isEphemeral] = [isLoopback(address), event.fields?.[ephemeralField] === true];
  return {
    rule: portRule,
    // Of a port that the kernel chose only programs on this machine can know: tools of developers open dozens a day.
    level: isLocal && isEphemeral ? 'informational' : isLocal || isEphemeral ? 'low' : 'medium',
    time: event.time,
    host: hostOf(event),
    entity: `${port} on ${address}`,
    reason: `Port ${port} began to listen on ${reach(address)}, opened by ${who}${user && ` of ${user}`}.`,
    count: 1,
    event,
  };
}

/** A UDP socket on a port that the kernel chose is as a rule a client that waits for an answer: a name look-up, a call. */
function isClient(event: LogEvent): boolean {
  return textField(event, 'network.transport') === 'udp' && event.fields?.[ephemeralField] === true;
}

function keyOf(event: LogEvent): string {
  const {fields = {}} = event;
  return `${hostOf(event)}\0${fields['network.transport']}\0${fields['server.ip']}\0${fields['server.port']}`;
}

function programOf(event: LogEvent): string {
  return textField(event, 'process.name');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function reach(address: string): string {
  if (address === '0.0.0.0' || address === '::') return `every address (${address})`;
  return isLoopback(address) ? `${address}, for this machine only` : address;
}

const portRule: Rule = {
  id: 'host.port.new',
  name: 'New listening port',
  level: 'medium',
  category: 'System Log',
  techniques: [],
};
