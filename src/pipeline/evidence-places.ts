import {existsSync} from 'node:fs';
import {CaptureError} from '../capture/packets/backend.ts';
import {resolveInterfaces} from '../capture/packets/interfaces.ts';
import type {Settings} from '../config/settings.ts';
import type {EvidenceFiles} from './evidence-files.ts';
import type {EvidencePlace} from './evidence-keeper.ts';

/** Where the packets of alerts can be found: live in the ring, in a replay in the capture files read so far. */
export class EvidencePlaces {
  readonly files: EvidenceFiles;
  readonly #settings: Settings['capture'];
  readonly #captures: EvidencePlace[] = [];

  constructor(files: EvidenceFiles, settings: Settings['capture']) {
    this.files = files;
    this.#settings = settings;
  }

  add(capture: EvidencePlace): void {
    this.#captures.push(capture);
  }

  list(): readonly EvidencePlace[] {
    if (this.#settings.evidence_megabytes === 0) return [];
    if (this.#captures.length > 0) return this.#captures;
    const {ring} = this.files;
    return existsSync(ring) ? [{from: 'ring', path: ring, interfaces: this.#names()}] : [];
  }

  #names(): readonly string[] {
    try {
      return resolveInterfaces(this.#settings.interfaces);
    } catch (error) {
      if (error instanceof CaptureError) return [];
      throw error;
    }
  }
}
