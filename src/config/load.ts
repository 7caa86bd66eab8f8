import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {parse} from 'ini';
import type {z} from 'zod';
import {errorCode, errorText} from '../event/error-code.ts';
import {ConfigError} from './config-error.ts';
import {configPlaces, defaultDataDir, type Surroundings, surroundings} from './places.ts';
import {type Settings, settingsSchema} from './settings.ts';

export interface LoadedConfig {
  readonly settings: Settings;
  /** Absolute path of the folder that holds the store, the model and the log. */
  readonly dataDir: string;
  /** The file that was read, undefined where none was found. */
  readonly file: string | undefined;
}

export interface ConfigOptions {
  readonly config?: string | undefined;
  readonly dataDir?: string | undefined;
}

type Sections = Record<string, Record<string, string>>;

/**
 * Reads the settings: defaults, then the first configuration file found, then the environment (SIEM_STORE_KEEP_DAYS).
 *
 * @throws ConfigError naming file, line, what was expected and what was found.
 */
export function loadConfig(options: ConfigOptions = {}, around: Surroundings = surroundings()): LoadedConfig {
  const dataDir = resolve(options.dataDir ?? defaultDataDir(around));
  const named = options.config ?? around.env.SIEM_CONFIG;
  const found = named ? readNamed(resolve(named)) : readFirst(configPlaces(dataDir, around));
  const sections = found ? parseIni(found.text, found.file) : {};
  const fromEnvironment = overlayEnvironment(sections, around.env);
  const result = settingsSchema.safeParse(sections);
  if (!result.success) throw explain(result.error, sections, found, fromEnvironment);
  return {settings: result.data, dataDir, file: found?.file};
}

interface ConfigFile {
  readonly file: string;
  readonly text: string;
}

function readNamed(file: string): ConfigFile {
  try {
    return {file, text: readFileSync(file, 'utf8')};
  } catch (error) {
    throw new ConfigError(`Expected a configuration file at ${file}, but it could not be read: ${errorText(error)}.`);
  }
}

function readFirst(places: readonly string[]): ConfigFile | undefined {
  for (const file of places) {
    try {
      return {file, text: readFileSync(file, 'utf8')};
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCode(error))) throw error;
    }
  }
  return undefined;
}

function parseIni(text: string, file: string): Sections {
  const sections: Sections = {};
  for (const [section, entries] of Object.entries(parse(text.replace(/^\uFEFF/, '')))) {
    if (typeof entries !== 'object' || entries === null) {
      const line = lineOf(text, undefined, section);
      throw new ConfigError(
        `${file}:${line}: Expected a [section] before the first setting, got \`${section}\`. Put it under its section; config/siem.ini shows all of them.`,
      );
    }
    // The parser turns true, false and null into values of their own; here all settings are text until checked.
    sections[section] = Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, String(value)]));
  }
  return sections;
}

/** Puts SIEM_SECTION_KEY over the file's values and returns the variables used, by `section.key`. */
function overlayEnvironment(sections: Sections, env: Surroundings['env']): Map<string, string> {
  const used = new Map<string, string>();
  for (const section of Object.keys(settingsSchema.shape)) {
    for (const key of Object.keys(settingsOf(section))) {
      const name = `SIEM_${section}_${key}`.toUpperCase();
      const value = env[name];
      if (value === undefined) continue;
      sections[section] = {...sections[section], [key]: value};
      used.set(`${section}.${key}`, name);
    }
  }
  return used;
}

function explain(
  error: z.ZodError,
  sections: Sections,
  found: ConfigFile | undefined,
  fromEnvironment: ReadonlyMap<string, string>,
): ConfigError {
  const issue = error.issues[0];
  const [section, key] = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys[0] ?? '';
    const where = found ? `${found.file}:${lineOf(found.text, section, unknown)}` : 'configuration';
    const known = section ? Object.keys(settingsOf(section)) : Object.keys(settingsSchema.shape);
    const what = section ? `a setting of [${section}]` : 'a section';
    return new ConfigError(`${where}: Expected ${what}, got \`${unknown}\`. Known: ${known.join(', ')}.`);
  }
  const variable = fromEnvironment.get(`${section}.${key}`);
  const where = variable ?? (found ? `${found.file}:${lineOf(found.text, section, key)}` : 'configuration');
  const value = section && key ? sections[section]?.[key] : undefined;
  return new ConfigError(
    `${where}: Expected \`${key}\` in [${section}] to be ${expectation(issue)}, got \`${value}\`.`,
  );
}

/** The settings of a section; none of one whose names are the user's own. */
function settingsOf(section: string): object {
  const inner = settingsSchema.shape[section as keyof Settings]?.unwrap();
  return inner && 'shape' in inner ? inner.shape : {};
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'too_small':
      return `${issue.minimum} or more`;
    case 'too_big':
      return `${issue.maximum} or less`;
    case 'invalid_value':
      return `one of ${issue.values.map(value => `\`${String(value)}\``).join(', ')}`;
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`;
    case 'custom':
      return issue.message;
    default:
      return 'a value of its kind';
  }
}

/** The line a key stands on, counted from 1; the section's own line where the key is not found. */
function lineOf(text: string, section: string | undefined, key: string | undefined): number {
  let current: string | undefined;
  let fallback = 1;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const header = /^\[([^\]]*)\]/.exec(line);
    if (header) {
      current = header[1]?.trim();
      if (current === section || (section === undefined && current === key)) fallback = index + 1;
      if (section === undefined && current === key) return index + 1;
    } else if (current === section && line.split('=')[0]?.trim() === key) {
      return index + 1;
    }
  }
  return fallback;
}
