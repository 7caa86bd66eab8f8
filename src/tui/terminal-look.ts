import type {Settings} from '../config/settings.ts';
import type {ThemeOptions} from './theme.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a full screen can be drawn here; otherwise plain lines are printed. */
export function canDrawScreen(
  stdin: {readonly isTTY?: boolean},
  stdout: {readonly isTTY?: boolean},
  environment: Environment,
): boolean {
  return stdin.isTTY === true && stdout.isTTY === true && environment.TERM !== 'dumb';
}

/** What this terminal can show, by the settings, and where they say `auto` by the environment. */
export function terminalLook(settings: Settings['screen'], environment: Environment): ThemeOptions {
  return {
    colour: colourOf(settings.colour, environment),
    unicode: settings.unicode === 'auto' ? showsUnicode(environment) : settings.unicode === 'always',
    zone: settings.time,
  };
}

function colourOf(setting: Settings['screen']['colour'], environment: Environment): ThemeOptions['colour'] {
  if (setting === 'never') return false;
  if (setting === 'auto' && environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false;
  if (/^(truecolor|24bit)$/i.test(environment.COLORTERM ?? '')) return 'truecolor';
  return /256|kitty|alacritty|foot|ghostty/.test(environment.TERM ?? '') ? 256 : true;
}

/** By the locale's encoding, as C programs do; Linux' own console has no braille and few box characters. */
function showsUnicode(environment: Environment): boolean {
  if (environment.TERM === 'linux') return false;
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(value => value) ?? '';
  return /utf-?8/i.test(locale) || environment.WT_SESSION !== undefined || environment.TERM_PROGRAM === 'vscode';
}
