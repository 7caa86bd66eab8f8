import type {Placeholders} from './parse/placeholders.ts';

/** Values of placeholders as rules ask for them, whatever the case of their names in the settings. */
export function placeholdersOf(settings: Readonly<Record<string, readonly string[]>>): Placeholders {
  const values = new Map<string, readonly string[]>();
  for (const [name, more] of Object.entries(settings)) {
    const key = name.replaceAll('%', '').toLowerCase();
    values.set(key, [...(values.get(key) ?? []), ...more]);
  }
  return values;
}
