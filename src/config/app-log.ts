import {appendFileSync, chmodSync, renameSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {Logger} from 'tslog';
import {errorCode} from '../event/error-code.ts';
import {sanitizeLine} from '../event/sanitize.ts';
import type {Settings} from './settings.ts';

/** The program's own log: a file in the data folder, never the screen. */
export interface AppLog {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

export const appLogName = 'siem_app.log';

const levels = {debug: 2, info: 3, warning: 4, error: 5} as const;

/**
 * Opens `siem_app.log`. Each line reads `2026-11-22 10:00:00 | WARNING | where:line - message`. The file is opened anew
 * for each line, so that several threads and processes can write to it and any of them may turn it over.
 */
export function openAppLog(folder: string, settings: Settings['log']): AppLog {
  const path = join(folder, appLogName);
  const logger = new Logger<unknown>({
    type: 'hidden',
    minLevel: levels[settings.level],
    // The place worth naming is the caller's, not the lines below.
    internalFramePatterns: [/[/\\]app-log\.[jt]s/],
  });
  const limit = settings.max_megabytes * 1_048_576;
  logger.attachTransport(record => {
    const meta = record._meta;
    const time = (meta?.date ?? new Date()).toISOString().slice(0, 19).replace('T', ' ');
    const where = meta?.path?.fileNameWithLine ?? 'siem';
    const level = meta?.logLevelName === 'WARN' ? 'WARNING' : (meta?.logLevelName ?? 'INFO');
    append(path, `${time} | ${level} | ${where} - ${sanitizeLine(String(record['0']))}\n`, limit, settings.files);
  });
  return {
    debug: message => void logger.debug(message),
    info: message => void logger.info(message),
    warning: message => void logger.warn(message),
    error: message => void logger.error(message),
  };
}

function append(path: string, line: string, limit: number, files: number): void {
  try {
    if (sizeOf(path) + line.length > limit) turnOver(path, files);
    appendFileSync(path, line, {mode: 0o600});
  } catch (error) {
    // The disk is full or the folder is gone: the log is the last to say so, and must not stop the program.
    if (!['ENOSPC', 'ENOENT', 'EACCES', 'EROFS', 'EDQUOT'].includes(errorCode(error))) throw error;
  }
}

function sizeOf(path: string): number {
  return statSync(path, {throwIfNoEntry: false})?.size ?? 0;
}

function turnOver(path: string, files: number): void {
  rmSync(`${path}.${files}`, {force: true});
  for (let number = files - 1; number >= 0; number--) {
    const from = number === 0 ? path : `${path}.${number}`;
    if (statSync(from, {throwIfNoEntry: false})) renameSync(from, `${path}.${number + 1}`);
  }
  appendFileSync(path, '', {mode: 0o600});
  chmodSync(path, 0o600);
}
