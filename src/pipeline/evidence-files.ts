import {copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

const suffix = '.pcapng';

/** Where the packets of alerts are kept: a file an alert, the oldest removed beyond the bound. */
export class EvidenceFiles {
  readonly folder: string;

  constructor(dataDir: string) {
    this.folder = join(dataDir, 'evidence');
  }

  /** The ring of recent packets. */
  get ring(): string {
    return join(this.folder, 'recent.ring');
  }

  create(): void {
    mkdirSync(this.folder, {recursive: true, mode: 0o700});
  }

  save(alert: string, file: Uint8Array): void {
    const path = this.pathOf(alert);
    writeFileSync(`${path}.new`, file, {mode: 0o600});
    renameSync(`${path}.new`, path);
  }

  has(alert: string): boolean {
    return existsSync(this.pathOf(alert));
  }

  /** Ids of alerts that have packets. */
  alerts(): readonly string[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder).flatMap(name => (name.endsWith(suffix) ? [name.slice(0, -suffix.length)] : []));
  }

  /** Copies an alert's packets to `to`, a file that is not there yet, and returns its whole path. Throws where it cannot. */
  export(alert: string, to: string): string {
    const path = resolve(to);
    copyFileSync(this.pathOf(alert), path, 1);
    return path;
  }

  /** Removes the oldest files until the rest takes `bytes` at most; returns how many were removed. */
  limit(bytes: number): number {
    const files = this.alerts().map(alert => {
      const path = this.pathOf(alert);
      const {size, mtimeMs} = statSync(path);
      return {path, size, mtimeMs};
    });
    let total = files.reduce((sum, {size}) => sum + size, 0);
    let removed = 0;
    for (const {path, size} of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= bytes) break;
      rmSync(path, {force: true});
      total -= size;
      removed++;
    }
    return removed;
  }

  private pathOf(alert: string): string {
    if (!/^[0-9a-f-]{1,64}$/.test(alert)) throw new Error(`Expected an alert's id, got ${JSON.stringify(alert)}.`);
    return join(this.folder, alert + suffix);
  }
}
