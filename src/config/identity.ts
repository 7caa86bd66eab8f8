import {randomUUID} from 'node:crypto';
import {linkSync, mkdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import {errorCode} from '../event/error-code.ts';

/** Who writes: this installation's id, kept beside the store so that it outlives a damaged database, and the host. */
export interface Identity {
  readonly agent: string;
  readonly host: string;
}

const fileSchema = z.object({agent: z.uuid()});

/** Reads the installation's id from the data folder, or makes one. A damaged file is replaced by a new id. */
export function loadIdentity(dataDir: string, host = hostname()): Identity {
  const path = join(dataDir, 'agent.json');
  const known = readAgent(path);
  return {agent: known ?? createAgent(dataDir, path), host};
}

function readAgent(path: string): string | undefined {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).agent;
  } catch (error) {
    if (['EACCES', 'EPERM'].includes(errorCode(error))) throw error;
    return undefined;
  }
}

function createAgent(dataDir: string, path: string): string {
  mkdirSync(dataDir, {recursive: true, mode: 0o700});
  const agent = randomUUID();
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify({agent})}\n`, {mode: 0o600});
  try {
    // A link fails where another process was first, so two starters agree on one id.
    if (readAgent(path) === undefined) rmSync(path, {force: true});
    linkSync(fresh, path);
    return agent;
  } catch (error) {
    const other = readAgent(path);
    if (other === undefined) throw error;
    return other;
  } finally {
    rmSync(fresh, {force: true});
  }
}
