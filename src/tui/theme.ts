import type {Style, Theme} from './pane.ts';

export interface ThemeOptions {
  /** False: no escapes at all (NO_COLOR). True: the terminal's own 16 colours. */
  readonly colour: boolean | 256 | 'truecolor';
  readonly unicode: boolean;
  readonly zone: 'local' | 'utc';
}

/**
 * How the screen looks on this terminal.
 *
 * @example
 * createTheme({colour: 256, unicode: true, zone: 'utc'}).paint('dim', '12') // '\u001b[38;5;245m12\u001b[0m'
 */
export function createTheme({colour, unicode, zone}: ThemeOptions): Theme {
  const codes = colour === false ? undefined : palettes[colour === true ? 'basic' : colour];
  const utc = zone === 'utc';
  return {
    unicode,
    paint(style, text) {
      const code = codes?.[style];
      return code === undefined || code === '' || text === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
    },
    clock: (micros, form) => clockText(micros, form, utc),
  };
}

type Palette = Readonly<Record<Style, string>>;

// The hues are those of Okabe and Ito, which people who do not see red and green apart can tell: vermilion, orange,
// yellow, sky blue, purple. Severity climbs in brightness too, and no meaning is a pair of red and green.
const palettes: Readonly<Record<'basic' | 256 | 'truecolor', Palette>> = {
  basic: {
    plain: '',
    dim: '2',
    bold: '1',
    title: '1',
    header: '2',
    selected: '7',
    match: '30;43',
    critical: '1;97;45',
    high: '1;31',
    medium: '33',
    low: '36',
    informational: '2',
    good: '36',
    accent: '36',
    series0: '36',
    series1: '33',
    series2: '35',
    series3: '34',
    series4: '37',
    series5: '2',
  },
  256: {
    plain: '',
    dim: '38;5;245',
    bold: '1',
    title: '1',
    header: '38;5;245',
    selected: '1;38;5;231;48;5;24',
    match: '38;5;16;48;5;221',
    critical: '1;38;5;231;48;5;161',
    high: '1;38;5;208',
    medium: '38;5;179',
    low: '38;5;74',
    informational: '38;5;245',
    good: '38;5;74',
    accent: '38;5;74',
    series0: '38;5;74',
    series1: '38;5;179',
    series2: '38;5;175',
    series3: '38;5;67',
    series4: '38;5;251',
    series5: '38;5;242',
  },
  truecolor: {
    plain: '',
    dim: '38;2;138;143;152',
    bold: '1',
    title: '1',
    header: '38;2;138;143;152',
    selected: '1;38;2;255;255;255;48;2;31;78;121',
    match: '38;2;0;0;0;48;2;240;200;80',
    critical: '1;38;2;255;255;255;48;2;190;30;90',
    high: '1;38;2;240;125;40',
    medium: '38;2;220;170;70',
    low: '38;2;86;165;215',
    informational: '38;2;138;143;152',
    good: '38;2;86;165;215',
    accent: '38;2;86;165;215',
    series0: '38;2;86;165;215',
    series1: '38;2;220;170;70',
    series2: '38;2;204;121;167',
    series3: '38;2;90;120;190',
    series4: '38;2;200;200;200',
    series5: '38;2;110;115;125',
  },
};

type ClockForm = Parameters<Theme['clock']>[1];

const blanks: Readonly<Record<ClockForm, string>> = {
  time: '--:--:--',
  'time-ms': '--:--:--.---',
  'date-time': '---------- --:--:--',
  hour: '--',
};

/** A fixed width for each form; a time that is none (0, not a number, beyond year 9999) is shown as dashes. */
function clockText(micros: number, form: ClockForm, utc: boolean): string {
  if (!(micros > 0 && micros < 253_402_214_400_000_000)) return blanks[form];
  const date = new Date(Math.floor(micros / 1000));
  const hour = two(utc ? date.getUTCHours() : date.getHours());
  if (form === 'hour') return hour;
  const minute = two(utc ? date.getUTCMinutes() : date.getMinutes());
  const second = two(utc ? date.getUTCSeconds() : date.getSeconds());
  const time = `${hour}:${minute}:${second}`;
  if (form === 'time') return time;
  if (form === 'time-ms') return `${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
  const year = utc ? date.getUTCFullYear() : date.getFullYear();
  const month = two((utc ? date.getUTCMonth() : date.getMonth()) + 1);
  const day = two(utc ? date.getUTCDate() : date.getDate());
  return `${year}-${month}-${day} ${time}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
