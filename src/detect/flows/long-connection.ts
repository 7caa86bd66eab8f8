import type {Settings} from '../../config/settings.ts';
import {hour} from '../../event/clock.ts';
import {bytesText, spanText} from './amounts.ts';
import {destinationText, isAnswered, isFolded, placeOf} from './destination.ts';
import {flowRules} from './rules.ts';
import type {SeenFlow} from './seen-flows.ts';
import type {Settled} from './settled.ts';
import type {Find, Watcher} from './watcher.ts';

/** A conversation with an outside address that goes on for hours: told once, while it goes on or when it ended. */
export class LongConnection implements Watcher {
  readonly name = 'long-connection';
  readonly #find: Find;
  readonly #settled: Settled;
  readonly #least: number;

  constructor(find: Find, settled: Settled, settings: Pick<Settings['network'], 'long_hours'>) {
    this.#find = find;
    this.#settled = settled;
    this.#least = settings.long_hours * hour;
  }

  onFlow({flow, memory, sourceInside, destinationOutside}: SeenFlow): void {
    const span = flow.last - flow.time;
    if (span < this.#least || memory.longTold || !destinationOutside || !sourceInside) return;
    if (isFolded(flow) || flow.service === 'ntp' || !isAnswered(flow)) return;
    memory.longTold = true;
    const standing = this.#settled.of(flow.origin.host, placeOf(flow), flow.time);
    const usual = standing === 'known' || standing === 'learning';
    const lasts = flow.ended ? 'lasted' : 'has gone on for';
    const carried = `${bytesText(flow.bytesOut)} out, ${bytesText(flow.bytesIn)} in`;
    this.#find({
      rule: flowRules.long,
      ...(usual ? {level: 'informational' as const} : {}),
      time: flow.last,
      host: flow.origin.host,
      entity: `${flow.sourceIp} ${flow.destinationIp}:${flow.destinationPort}`,
      event: flow,
      reason: () =>
        `A connection from ${flow.sourceIp} to ${destinationText(flow)} ${lasts} ${spanText(span)} (${carried}); ` +
        `${spanText(this.#least)} is the limit.${usual ? ' This service is met here from the beginning or for long.' : ''}`,
      fields: {'event.duration': span * 1_000},
    });
  }
}
