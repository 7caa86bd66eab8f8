import {readFileSync, statfsSync} from 'node:fs';
import {userInfo} from 'node:os';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {readText} from '../../capture/system/read-text.ts';
import {accountName, readAccounts} from '../../capture/system/watch/accounts.ts';
import {readListeners} from '../../capture/system/watch/proc-net.ts';
import {listWatched} from '../../capture/system/watch/watch-list.ts';
import type {LoadedConfig} from '../../config/load.ts';
import type {Settings} from '../../config/settings.ts';
import {loadModel, ModelError, modelPath} from '../../detect/surprise/model-file.ts';
import {errorText} from '../../event/error-code.ts';
import {wildcard} from '../../query/wildcard.ts';
import {lockHolder} from '../../store/lock.ts';
import {nativeLibrary} from '../../store/native-library.ts';
import {peekStore} from '../../store/peek.ts';
import type {FolderProbes} from './data-folder.ts';
import {accessTo, isWritable, namesIn, nearestFolder, statOf} from './files.ts';
import type {JournalFound} from './journal.ts';
import type {DatagramFacts, LogFacts} from './logs.ts';
import type {ModelFacts} from './model.ts';
import {entryOf, installCommand, missingForTraining} from './packages.ts';
import type {StoreFacts} from './store.ts';
import type {SystemFacts} from './system.ts';

const megabyte = 1_048_576;

export function folderProbes(): FolderProbes {
  const {uid, username: name} = userInfo();
  return {
    me: {uid, name},
    stat: statOf,
    isWritable,
    names: namesIn,
    nearest: nearestFolder,
    free: path => {
      const {bavail, bsize} = statfsSync(path);
      return bavail * bsize;
    },
    userName: owner => (owner === uid ? name : accountName(readAccounts('/'), owner)),
  };
}

/** The cap that holds with the engine that will store. */
export async function capBytes({engine, max_megabytes, sqljs_megabytes}: Settings['store']): Promise<number> {
  const usesSqljs = engine === 'sql.js' || (engine === 'auto' && !(await nativeLibrary()).library);
  return (usesSqljs ? sqljs_megabytes : max_megabytes) * megabyte;
}

export async function storeFacts({settings, dataDir}: LoadedConfig): Promise<StoreFacts> {
  const [native, peek] = await Promise.all([nativeLibrary(), peekStore(dataDir)]);
  return {
    dataDir,
    settings: settings.store,
    native,
    peek,
    holder: holderOf(dataDir),
    hidden: accessTo(dataDir) === 'denied',
    install: installCommand,
  };
}

export function logFacts({settings, dataDir}: LoadedConfig, journal: JournalFound): LogFacts {
  return {
    settings: settings.sources,
    sources: settings.monitor.sources,
    user: userInfo().username,
    journal,
    access: accessTo,
    expand,
    datagrams: datagramFacts(dataDir),
  };
}

export function systemFacts({settings}: LoadedConfig): SystemFacts {
  const paths = [...listWatched('/', readAccounts('/'), settings.detect.watch_files).keys()];
  const states = paths.map(accessTo);
  return {
    settings,
    platform: process.platform,
    isRoot: process.geteuid?.() === 0,
    access: accessTo,
    hasSystemInformation: entryOf('systeminformation') !== undefined,
    watched: {
      files: states.filter(state => state !== 'missing').length,
      hidden: states.filter(state => state === 'denied').length,
    },
  };
}

export function modelFacts({settings, dataDir}: LoadedConfig): ModelFacts {
  const path = modelPath(dataDir, settings.DEFAULT.ModelFile);
  return {
    settings: settings.detect,
    path,
    file: modelFile(path),
    missing: missingForTraining(),
    hasNodeBackend: entryOf('@tensorflow/tfjs-node') !== undefined,
    install: installCommand,
  };
}

function modelFile(path: string): ModelFacts['file'] {
  try {
    // Opening a pipe would wait for its writer.
    if (statOf(path)?.isFile() === false) return {state: 'refused', reason: `${path} is not a file`};
    const {trainedAt, events} = loadModel(path).facts;
    return {state: 'loaded', trainedAt, events};
  } catch (error) {
    if (error instanceof ModelError && error.code === 'missing') return {state: 'none'};
    if (error instanceof ModelError && error.code !== 'denied') return {state: 'refused', reason: error.message};
    return {state: 'denied', reason: errorText(error)};
  }
}

function datagramFacts(dataDir: string): DatagramFacts {
  const tables = ['/proc/net/udp', '/proc/net/udp6'].map(readText).filter(text => text !== undefined);
  return {
    taken: tables.length === 0 ? undefined : tables.flatMap(table => readListeners(table, 'udp')),
    privilegedBelow: Number(readText('/proc/sys/net/ipv4/ip_unprivileged_port_start') ?? 1024),
    mayBind: process.platform === 'win32' || process.geteuid?.() === 0,
    monitorRuns: holderOf(dataDir) !== undefined,
  };
}

/** The lock belongs to the owner of the folder: whom else it says nothing is told so by the folder's own check. */
function holderOf(dataDir: string): number | undefined {
  if (accessTo(dataDir) !== 'readable') return undefined;
  return lockHolder(dataDir)?.pid;
}

/** Wildcards of the last part are looked up; a path without any is itself. */
function expand(pattern: string): readonly string[] {
  const path = isAbsolute(pattern) ? pattern : resolve(pattern);
  if (!/[*?[]/.test(path)) return [path];
  const [folder, name] = [dirname(path), path.slice(dirname(path).length + 1)];
  const fits = wildcard(name, false);
  return namesIn(folder)
    .filter(entry => fits(entry))
    .map(entry => join(folder, entry));
}

/** CapEff of this process, which is what a sensor started by the same node would have. */
export function effectiveCapabilities(): string {
  if (process.platform !== 'linux') return '0';
  return /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
}
