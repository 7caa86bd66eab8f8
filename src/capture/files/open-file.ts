import {stat} from 'node:fs/promises';
import {resolve} from 'node:path';
import {errorCode} from '../../event/error-code.ts';
import type {SourceBatch} from '../source.ts';
import {SourceError} from '../source.ts';
import {readHead} from './bytes.ts';
import {evtx} from './evtx/evtx.ts';
import type {FileContext, FileFormat} from './file-format.ts';
import {journalExport} from './journal-export.ts';
import {jsonObjects} from './json-objects.ts';
import {ndjson} from './ndjson.ts';
import {textLog, zeekLog} from './text-log.ts';

/** In the order they are asked; text comes last, for it takes anything that is text. */
export const logFileFormats: readonly FileFormat[] = [evtx, journalExport, zeekLog, ndjson, jsonObjects, textLog];

/** A file whose format is known. */
export interface FileReader {
  /** Absolute. */
  readonly path: string;
  readonly format: string;
  read(context: FileContext): AsyncIterable<SourceBatch>;
}

/**
 * Finds out by its content what a file is. Formats with a signature of their own go before the text ones.
 *
 * @example
 * const reader = await openFile('auth.log.2.gz');
 * for await (const batch of reader.read(context)) …
 */
export async function openFile(path: string, formats: readonly FileFormat[] = logFileFormats): Promise<FileReader> {
  const absolute = resolve(path);
  const head = await headOf(absolute);
  const format = formats.find(candidate => candidate.detects(head, absolute));
  if (format) return {path: absolute, format: format.name, read: context => format.read(absolute, context)};
  const names = formats.map(known => known.name).join(', ');
  const found = head.length === 0 ? 'an empty file' : `bytes that begin with ${head.toString('hex', 0, 8)}`;
  throw new UnknownFormatError(`${absolute}: expected one of ${names}; found ${found}`);
}

/** A file that can be read and is none of the known kinds. */
export class UnknownFormatError extends SourceError {}

async function headOf(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isFile()) return await readHead(path);
    if (found.isDirectory())
      throw new SourceError(`${path}: expected a file, found a folder`, `name its files: ${path}/*`);
  } catch (error) {
    throw explained(error, path);
  }
  throw new SourceError(`${path}: expected a file, found a device or a pipe`);
}

function explained(error: unknown, path: string): unknown {
  switch (errorCode(error)) {
    case 'ENOENT':
      return new SourceError(`${path}: there is no such file`);
    case 'EACCES':
      return new SourceError(`${path}: may not be read by this user`, `sudo chmod o+r ${path}`);
    default:
      return error;
  }
}
