import {closeSync, openSync} from 'node:fs';
import type {EvidenceRequest} from '../capture/packets/evidence/request.ts';
import {launchSensor} from '../capture/packets/launch-sensor.ts';
import type {ExtractArguments} from '../capture/packets/sensor-arguments.ts';
import type {SensorProcess} from '../capture/packets/sensor-process.ts';
import type {AppLog} from '../config/app-log.ts';
import type {AlertGroup} from '../event/alert-group.ts';
import {errorText} from '../event/error-code.ts';
import type {EvidenceFiles} from './evidence-files.ts';
import {requestFor} from './evidence-request.ts';

/** Where packets can be read again: the ring that the sensor writes, or a capture file. */
export interface EvidencePlace {
  readonly from: 'ring' | 'capture';
  readonly path: string;
  /** Names by interface number. */
  readonly interfaces: readonly string[];
}

export interface EvidenceParts {
  readonly files: EvidenceFiles;
  readonly places: () => readonly EvidencePlace[];
  /** Who the extracting process becomes. */
  readonly user: string;
  readonly keptMegabytes: number;
  readonly log: AppLog;
}

/** What follows an alert belongs to it as well. */
const delay = 3_000;
const mostWaiting = 500;
const mostAtOnce = 32;
const longestRun = 20_000;

/**
 * Keeps the packets of each new alert about packets in a file of its own. A process without privilege finds them: they
 * are hostile bytes. Many alerts at once are one search.
 */
export class EvidenceKeeper {
  /** Alerts that came too fast to have their packets looked for. */
  dropped = 0;
  readonly #parts: EvidenceParts;
  #waiting: EvidenceRequest[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(parts: EvidenceParts) {
    this.#parts = parts;
  }

  /** Told of each alert when it begins. */
  onBegun(groups: readonly AlertGroup[]): void {
    if (this.#parts.places().length === 0) return;
    for (const group of groups) {
      if (group.category !== 'Network Packet Anomaly') continue;
      const request = requestFor(group);
      if (!request) continue;
      if (this.#waiting.length < mostWaiting) this.#waiting.push(request);
      else this.dropped++;
    }
    if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#begin(), delay);
  }

  /** Looks for what still waits, and ends. */
  async finish(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#waiting.length > 0) await this.#search();
    if (this.dropped > 0)
      this.#parts.log.warning(`evidence: ${this.dropped} alerts without their packets: too many at once`);
  }

  #begin(): void {
    this.#running = this.#search().then(() => {
      this.#running = undefined;
      this.#timer = undefined;
      if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#begin(), delay);
    });
  }

  async #search(): Promise<void> {
    while (this.#waiting.length > 0) {
      let requests = this.#waiting.splice(0, mostAtOnce);
      for (const place of this.#parts.places()) {
        const found = await this.#searchIn(place, requests);
        requests = requests.filter(({id}) => !found.has(id));
        if (requests.length === 0) break;
      }
    }
    this.#parts.files.limit(this.#parts.keptMegabytes * 1e6);
  }

  /** Returns the ids of alerts whose packets were found. Never throws: an alert stands without its packets too. */
  async #searchIn(place: EvidencePlace, requests: readonly EvidenceRequest[]): Promise<ReadonlySet<string>> {
    const {files, user, log} = this.#parts;
    const found = new Set<string>();
    try {
      files.create();
      const fd = openSync(place.path, 'r');
      const args = {mode: 'extract', from: place.from, user, interfaces: place.interfaces, requests} as const;
      const sensor = launched(args, line => log.info(`evidence: ${line}`), fd);
      const timer = setTimeout(() => sensor.kill(), longestRun);
      try {
        for await (const message of sensor.messages()) {
          if (message.type !== 'evidence') continue;
          const {id, file} = message.evidence;
          if (file.length === 0 || !requests.some(request => request.id === id)) continue;
          files.save(id, file);
          found.add(id);
        }
      } finally {
        clearTimeout(timer);
      }
    } catch (error) {
      log.warning(`evidence: the packets of ${requests.length} alerts were not kept: ${errorText(error)}`);
    }
    return found;
  }
}

/** Starts the process, which has a descriptor of its own for the file. */
function launched(args: ExtractArguments, log: (line: string) => void, fd: number): SensorProcess {
  try {
    return launchSensor(args, log, fd);
  } finally {
    closeSync(fd);
  }
}
