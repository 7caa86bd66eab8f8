/** Where a key means something. The first of the active contexts that knows the key decides. */
export type KeyContext =
  | 'anywhere'
  | 'list'
  | 'alert-list'
  | 'alerts'
  | 'logs'
  | 'packets'
  | 'traffic'
  | 'charts'
  | 'packet'
  | 'details';

export type ActionName =
  | 'help'
  | 'quit'
  | 'back'
  | 'next-pane'
  | 'previous-pane'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'pane-5'
  | 'down'
  | 'up'
  | 'page-down'
  | 'page-up'
  | 'half-down'
  | 'half-up'
  | 'first'
  | 'last'
  | 'search'
  | 'next-hit'
  | 'previous-hit'
  | 'filter'
  | 'follow'
  | 'pause'
  | 'details'
  | 'enlarge'
  | 'sort'
  | 'acknowledge'
  | 'close-alert'
  | 'reopen'
  | 'export-packets'
  | 'export-shown'
  | 'next-log-view'
  | 'next-view'
  | 'sort-traffic'
  | 'fold'
  | 'unfold'
  | 'toggle-fold'
  | 'zoom-in'
  | 'zoom-out'
  | 'next-chart'
  | 'previous-chart'
  | 'repaint'
  | 'suspend';

export interface Binding {
  readonly keys: readonly string[];
  readonly action: ActionName;
  readonly context: KeyContext;
  /** A line of the help. */
  readonly description: string;
  /** A word for the footer; left out where the footer need not name it. */
  readonly footer?: string;
}

/**
 * Every key of the program: what it does, the help and the footer come from this table alone. `/` searches (moves to
 * hits, hides nothing); `F` filters (hides what does not match); `f` follows the newest row.
 */
export const keymap: readonly Binding[] = [
  {keys: ['?'], action: 'help', context: 'anywhere', description: 'this help', footer: 'help'},
  {keys: ['q', 'ctrl+c'], action: 'quit', context: 'anywhere', description: 'quit', footer: 'quit'},
  {
    keys: ['escape'],
    action: 'back',
    context: 'anywhere',
    description: 'close one level: prompt, help, details, enlarged pane, search, filter',
  },
  {keys: ['tab'], action: 'next-pane', context: 'anywhere', description: 'next pane', footer: 'pane'},
  {keys: ['shift+tab'], action: 'previous-pane', context: 'anywhere', description: 'previous pane'},
  {keys: ['1'], action: 'pane-1', context: 'anywhere', description: 'Alerts'},
  {keys: ['2'], action: 'pane-2', context: 'anywhere', description: 'Logs'},
  {keys: ['3'], action: 'pane-3', context: 'anywhere', description: 'Packets'},
  {keys: ['4'], action: 'pane-4', context: 'anywhere', description: 'Charts'},
  {keys: ['5'], action: 'pane-5', context: 'anywhere', description: 'Sources'},
  {keys: ['e'], action: 'enlarge', context: 'anywhere', description: 'enlarge the pane, and back', footer: 'enlarge'},
  {
    keys: ['space'],
    action: 'pause',
    context: 'anywhere',
    description: 'pause: freeze what is shown while capture goes on',
    footer: 'pause',
  },
  {keys: ['ctrl+l'], action: 'repaint', context: 'anywhere', description: 'draw the screen anew'},
  {keys: ['ctrl+z'], action: 'suspend', context: 'anywhere', description: 'stop the program; fg brings it back'},

  {keys: ['j', 'down'], action: 'down', context: 'list', description: 'down'},
  {keys: ['k', 'up'], action: 'up', context: 'list', description: 'up; stops following'},
  {keys: ['pagedown', 'ctrl+f'], action: 'page-down', context: 'list', description: 'a page down'},
  {keys: ['pageup', 'ctrl+b'], action: 'page-up', context: 'list', description: 'a page up'},
  {keys: ['ctrl+d'], action: 'half-down', context: 'list', description: 'half a page down'},
  {keys: ['ctrl+u'], action: 'half-up', context: 'list', description: 'half a page up'},
  {keys: ['g', 'home'], action: 'first', context: 'list', description: 'first row'},
  {
    keys: ['G', 'end'],
    action: 'last',
    context: 'list',
    description: 'last row; follows again where the newest is last',
  },
  {keys: ['f'], action: 'follow', context: 'list', description: 'follow the newest row, on and off', footer: 'follow'},
  {keys: ['/'], action: 'search', context: 'list', description: 'search: move to rows with a text', footer: 'search'},
  {keys: ['n'], action: 'next-hit', context: 'list', description: 'next hit'},
  {keys: ['N'], action: 'previous-hit', context: 'list', description: 'previous hit'},
  {
    keys: ['F', '\\'],
    action: 'filter',
    context: 'list',
    description:
      'filter: show matching rows only, also stored ones (level>=warning source:sshd; packets: bpf tcp port 443)',
    footer: 'filter',
  },
  {
    keys: ['enter'],
    action: 'details',
    context: 'list',
    description: 'details of the row; of a talker its conversations',
    footer: 'details',
  },
  {keys: ['s'], action: 'sort', context: 'alert-list', description: 'sort by time, level or count', footer: 'sort'},
  {
    keys: ['a'],
    action: 'acknowledge',
    context: 'alerts',
    description: 'acknowledge the alert',
    footer: 'acknowledge',
  },
  {
    keys: ['c'],
    action: 'close-alert',
    context: 'alerts',
    description: 'close the alert with a verdict',
    footer: 'close',
  },
  {keys: ['o'], action: 'reopen', context: 'alerts', description: 'open the alert again'},
  {
    keys: ['x'],
    action: 'export-packets',
    context: 'alerts',
    description: 'write the packets of the alert to a pcapng file here',
  },
  {
    keys: ['v'],
    action: 'next-log-view',
    context: 'logs',
    description: 'view: logs, applications on the wire (DNS, TLS, HTTP, SSH, DHCP), all',
    footer: 'view',
  },
  {
    keys: ['v'],
    action: 'next-view',
    context: 'packets',
    description: 'view: packets, conversations, talkers',
    footer: 'view',
  },
  {
    keys: ['x'],
    action: 'export-shown',
    context: 'packets',
    description: 'write the packets that are listed to a pcapng file here',
  },
  {
    keys: ['s'],
    action: 'sort-traffic',
    context: 'traffic',
    description: 'sort by bytes or packets of the last minute, or by time',
    footer: 'sort',
  },

  {keys: ['z', '+'], action: 'zoom-in', context: 'charts', description: 'shorter period', footer: 'zoom'},
  {keys: ['Z', '-'], action: 'zoom-out', context: 'charts', description: 'longer period'},
  {keys: ['right', 'l'], action: 'next-chart', context: 'charts', description: 'next page of charts', footer: 'page'},
  {keys: ['left', 'h'], action: 'previous-chart', context: 'charts', description: 'previous page of charts'},

  {keys: ['enter'], action: 'toggle-fold', context: 'packet', description: 'fold the layer, and back', footer: 'fold'},
  {keys: ['left', 'h'], action: 'fold', context: 'packet', description: 'to the layer; fold it'},
  {keys: ['right', 'l'], action: 'unfold', context: 'packet', description: 'unfold the layer; into it'},

  {keys: ['j', 'down'], action: 'down', context: 'details', description: 'down'},
  {keys: ['k', 'up'], action: 'up', context: 'details', description: 'up'},
  {keys: ['pagedown', 'ctrl+f'], action: 'page-down', context: 'details', description: 'a page down'},
  {keys: ['pageup', 'ctrl+b'], action: 'page-up', context: 'details', description: 'a page up'},
  {keys: ['ctrl+d'], action: 'half-down', context: 'details', description: 'half a page down'},
  {keys: ['ctrl+u'], action: 'half-up', context: 'details', description: 'half a page up'},
  {keys: ['g', 'home'], action: 'first', context: 'details', description: 'top'},
  {keys: ['G', 'end'], action: 'last', context: 'details', description: 'bottom'},
];

/** What a key does, the first of `contexts` that binds it deciding. */
export function actionFor(key: string, contexts: readonly KeyContext[]): ActionName | undefined {
  for (const context of contexts) {
    const found = keymap.find(binding => binding.context === context && binding.keys.includes(key));
    if (found) return found.action;
  }
  return undefined;
}

/** What the footer names in these contexts: help first, so that it never falls off, then the most particular. */
export function footerFor(contexts: readonly KeyContext[]): readonly {readonly key: string; readonly label: string}[] {
  const named = contexts.flatMap(context => keymap.filter(binding => binding.context === context && binding.footer));
  const help = named.filter(binding => binding.action === 'help' || binding.action === 'quit');
  return [...help, ...named.filter(binding => !help.includes(binding))].map(({keys, footer = ''}) => ({
    key: keyLabel(keys[0] ?? ''),
    label: footer,
  }));
}

const sections: Readonly<Record<KeyContext, string>> = {
  anywhere: 'Everywhere',
  list: 'In lists',
  'alert-list': 'Alerts',
  alerts: 'Alerts',
  logs: 'Logs',
  packets: 'Packets',
  traffic: 'Conversations and talkers',
  charts: 'Charts',
  packet: 'In the details of a packet',
  details: 'In details, sources and help',
};

/** Marks in lists that no header explains. */
const marks: readonly (readonly [mark: string, what: string])[] = [
  ['!', 'packets: malformed, or of an address with an open alert'],
  ['hist', 'alerts: found in what was logged before this run'],
  ['ack done', 'alerts: acknowledged, closed'],
];

/** The whole table as the help shows it: keys, what they do, where; then the marks. */
export function helpBindings(): readonly {readonly keys: string; readonly what: string; readonly context: string}[] {
  const keys = keymap.map(binding => ({
    keys: binding.keys.map(keyLabel).join(' '),
    what: binding.description,
    context: sections[binding.context],
  }));
  return [...keys, ...marks.map(([mark, what]) => ({keys: mark, what, context: 'Marks'}))];
}

const labels: Readonly<Record<string, string>> = {
  escape: 'esc',
  pagedown: 'PgDn',
  pageup: 'PgUp',
};

function keyLabel(key: string): string {
  return labels[key] ?? key;
}
