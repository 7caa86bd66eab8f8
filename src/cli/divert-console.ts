import type {AppLog} from '../config/app-log.ts';

/** Sends what libraries print through `console` to the program's log: the screen and stdout are not theirs. */
export function divertConsole(log: AppLog): void {
  const text = (parts: readonly unknown[]) => parts.map(String).join(' ');
  console.log = console.info = console.debug = (...parts: unknown[]) => log.info(text(parts));
  console.warn = (...parts: unknown[]) => log.warning(text(parts));
  console.error = (...parts: unknown[]) => log.error(text(parts));
  process.on('warning', warning => log.warning(`${warning.name}: ${warning.message}`));
}
