import type {Settings} from '../../config/settings.ts';
import {smallest} from '../../tui/layout.ts';
import {canDrawScreen, terminalLook} from '../../tui/terminal-look.ts';
import {type Check, note, ok} from './check.ts';

export interface TerminalFacts {
  readonly settings: Settings['screen'];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: {readonly isTTY?: boolean};
  readonly stdout: {readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number};
}

/** What the screen would look like on this terminal. */
export function terminalChecks({settings, env, stdin, stdout}: TerminalFacts): readonly Check[] {
  if (env.TERM === 'dumb') {
    return [note('terminal', 'TERM=dumb: siem monitor prints plain lines', 'TERM=xterm-256color siem monitor')];
  }
  if (!canDrawScreen(stdin, stdout, env)) {
    return [note('terminal', 'input or output is no terminal: siem monitor prints plain lines there')];
  }
  const {colour, unicode} = terminalLook(settings, env);
  return [
    size(stdout.columns ?? 0, stdout.rows ?? 0),
    ok('colours', colourWords(colour, env)),
    unicode
      ? ok('characters', 'unicode')
      : note('characters', `plain ASCII: the locale is not UTF-8`, 'LC_ALL=C.UTF-8 siem monitor; or unicode = always'),
  ];
}

function size(columns: number, rows: number): Check {
  const text = `${columns}×${rows} (${needed(smallest)})`;
  if (columns >= smallest.width && rows >= smallest.height) return ok('terminal', text);
  return note(
    'terminal',
    `${text}: too small for the screen`,
    `make it ${smallest.width}×${smallest.height} or larger`,
  );
}

function needed({width, height}: typeof smallest): string {
  return `${width}×${height} needed`;
}

function colourWords(colour: boolean | 256 | 'truecolor', env: TerminalFacts['env']): string {
  if (colour === false) return env.NO_COLOR ? 'none: NO_COLOR is set' : 'none: colour = never in [screen]';
  if (colour === true) return 'the 16 of the terminal';
  return colour === 256 ? '256' : 'all (truecolor)';
}
