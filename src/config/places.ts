import {homedir} from 'node:os';
import {join} from 'node:path';

/** What decides where things are kept; passed in so that a test can hold it. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Effective user id; undefined on Windows. */
  readonly uid: number | undefined;
}

export function surroundings(): Surroundings {
  return {platform: process.platform, env: process.env, home: homedir(), uid: process.geteuid?.()};
}

/** Where this program keeps its data: root /var/lib/siem, a user the XDG state folder, Windows %ProgramData%\siem. */
export function defaultDataDir({platform, env, home, uid}: Surroundings): string {
  if (env.SIEM_DATA_DIR) return env.SIEM_DATA_DIR;
  if (platform === 'win32') return join(env.ProgramData ?? 'C:\\ProgramData', 'siem');
  if (uid === 0) return '/var/lib/siem';
  return join(env.XDG_STATE_HOME || join(home, '.local', 'state'), 'siem');
}

/** Where a configuration file is looked for when none is named, in this order. */
export function configPlaces(dataDir: string, {platform, env}: Surroundings): readonly string[] {
  const system =
    platform === 'win32' ? join(env.ProgramData ?? 'C:\\ProgramData', 'siem', 'siem.ini') : '/etc/siem/siem.ini';
  return [join(dataDir, 'siem.ini'), system];
}
