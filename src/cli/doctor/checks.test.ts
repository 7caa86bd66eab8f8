import {settingsSchema} from '../../config/settings.ts';
import {type Check, look, note} from './check.ts';
import {dataFolderChecks, type FolderProbes} from './data-folder.ts';
import {type ModelFacts, modelChecks} from './model.ts';
import {type PacketFacts, packetChecks} from './packets.ts';
import {renderChecks} from './render.ts';
import {runtimeChecks} from './runtime.ts';
import {type StoreFacts, storeChecks} from './store.ts';
import {type SystemFacts, systemChecks} from './system.ts';
import {terminalChecks} from './terminal.ts';

const settings = settingsSchema.parse({});
const install = (name: string) => `npm install ${name}`;

function named(checks: readonly Check[], name: string): Check | undefined {
  return checks.find(({check}) => check === name);
}

test('a Node that is too old fails, whatever its minor version is', () => {
  const runtime = {platform: 'linux', arch: 'x64'} as const;
  const states = ['18.20.0', '20.18.3', '20.19.0', '22.0.0'].map(node => runtimeChecks({...runtime, node})[0]?.state);
  expect(states).toEqual(['fails', 'fails', 'ok', 'ok']);
});

test('a check that throws is told as failing, with its name', async () => {
  const checks = await look('packets', () => {
    throw Object.assign(new Error('x'), {code: 'EACCES'});
  });
  expect(checks).toMatchObject([
    {check: 'packets', state: 'fails', found: expect.stringContaining('permission denied')},
  ]);
});

describe('data folder', () => {
  const entry = (mode: number, folder = true, size = 0) => ({
    ...{uid: 1000, mode, size},
    isDirectory: () => folder,
    isFile: () => !folder,
  });
  const probes: FolderProbes = {
    me: {uid: 1000, name: 'ada'},
    stat: path => (path === '/d' ? entry(0o40700) : entry(0o100600, false)),
    isWritable: () => true,
    names: () => ['siem.db'],
    nearest: () => '/',
    free: () => 1e12,
    userName: uid => (uid === 1000 ? 'ada' : 'root'),
  };
  const folder = (changes: Partial<FolderProbes>) => dataFolderChecks('/d', 2048 * 1_048_576, {...probes, ...changes});

  test('one that is private and roomy is fine', () => {
    expect(folder({}).map(({state}) => state)).toEqual(['ok', 'ok']);
  });

  test("somebody else's fails and names the owner", () => {
    const found = folder({isWritable: () => false, stat: () => ({...entry(0o40700), uid: 0})});
    const [words, mend] = [expect.stringContaining('belongs to root'), expect.stringMatching(/^sudo siem/)];
    expect(found).toEqual([{check: 'data folder', state: 'fails', found: words, mend}]);
  });

  test('one on a file system that is mounted for reading fails without blaming its rights', () => {
    const found = folder({isWritable: () => false});
    expect(found).toMatchObject([
      {state: 'fails', found: expect.stringContaining('may only be read'), mend: expect.stringContaining('findmnt')},
    ]);
  });

  test('one that may not be made fails', () => {
    const found = folder({stat: () => undefined, isWritable: () => false});
    expect(named(found, 'data folder')).toMatchObject({
      state: 'fails',
      mend: expect.stringContaining('sudo install -d'),
    });
  });

  test('a file in its place fails', () => {
    expect(folder({stat: () => entry(0o100600, false)})).toMatchObject([{state: 'fails'}]);
  });

  test('rights that are too wide are noted with the chmod', () => {
    const found = folder({stat: path => (path === '/d' ? entry(0o40755) : entry(0o100644, false))});
    expect(named(found, 'data folder')).toMatchObject({state: 'note', mend: 'chmod 700 /d'});
    expect(named(found, 'data files')).toMatchObject({state: 'note', mend: 'chmod 600 /d/siem.db'});
  });

  test('a disk that is nearly full fails; one without room for the cap is noted', () => {
    expect(named(folder({free: () => 1_048_576}), 'disk space')?.state).toBe('fails');
    const tight = named(folder({free: () => 500 * 1_048_576}), 'disk space');
    expect(tight).toMatchObject({state: 'note', mend: 'max_megabytes = 400 in [store]'});
  });
});

describe('store', () => {
  const library = {kind: 'node:sqlite', DatabaseSync: class {}} as unknown as NonNullable<
    StoreFacts['native']['library']
  >;
  const facts: StoreFacts = {
    dataDir: '/d',
    settings: settings.store,
    native: {library, reasons: ['a is missing', 'node:sqlite: SQLite 3.50']},
    peek: {state: 'none'},
    holder: undefined,
    hidden: false,
    install,
  };
  const none: StoreFacts['native'] = {library: undefined, reasons: ['a is missing', 'b is missing']};

  test('without a native library sql.js is noted, and asked for natively it fails', () => {
    const auto = storeChecks({...facts, native: none});
    expect(named(auto, 'store engine')).toMatchObject({state: 'note', found: expect.stringContaining('b is missing')});
    expect(named(auto, 'full text')?.state).toBe('note');
    const asked = storeChecks({...facts, native: none, settings: {...settings.store, engine: 'native'}});
    expect(named(asked, 'store engine')).toMatchObject({
      state: 'fails',
      mend: expect.stringContaining('engine = auto'),
    });
  });

  test.each([
    ['damaged', {state: 'damaged', detail: 'x'}, 'fails'],
    ['of a newer layout', {state: 'newer', layout: 9, known: 1, bytes: 1, unfolded: false}, 'fails'],
    ['not ours to read', {state: 'denied', detail: 'x'}, 'fails'],
    ['of an older layout', {state: 'older', layout: 0, known: 1, bytes: 1, unfolded: false}, 'note'],
    ['locked', {state: 'busy', detail: 'x'}, 'note'],
  ] as const)('a store %s is told', (_name, peek, state) => {
    const found = named(storeChecks({...facts, peek}), 'store');
    expect(found?.state).toBe(state);
    expect(found?.mend).toBeTruthy();
  });

  test('rows left by a killed writer are told only while nobody writes', () => {
    const peek = {state: 'current', layout: 1, known: 1, bytes: 1, unfolded: true} as const;
    expect(named(storeChecks({...facts, peek}), 'store')?.found).toContain('killed');
    expect(named(storeChecks({...facts, peek, holder: 7}), 'store')?.found).not.toContain('killed');
  });
});

describe('packets', () => {
  const none = {on: [], unknown: [], virtual: false} as const;
  const facts: PacketFacts = {
    settings: settings.capture,
    wanted: true,
    platform: 'linux',
    isRoot: false,
    node: '/bin/node',
    koffi: {},
    capabilities: '0000000000002000',
    interfaces: [{name: 'eth0', mtu: 1500, isUp: true, offloads: none}],
    userExists: true,
    hasCap: false,
    pcap: {version: 'libpcap version 1.10.3'},
    opensBpf: false,
    available: 2 ** 32,
    install,
  };
  const failing = (changes: Partial<PacketFacts>) =>
    packetChecks({...facts, ...changes}).filter(({state}) => state === 'fails');

  test('nothing fails with the capability and an interface', () => {
    expect(failing({})).toEqual([]);
  });

  test('without the capability the commands that give it are named', () => {
    expect(failing({capabilities: '0'})).toMatchObject([
      {mend: expect.stringContaining('setcap cap_net_raw+ep /bin/node')},
    ]);
    expect(failing({capabilities: '0', isRoot: true})).toMatchObject([{mend: expect.stringContaining('NET_RAW')}]);
  });

  test.each<[string, Partial<PacketFacts>]>([
    ['no right on macOS', {platform: 'darwin'}],
    [
      "the kernel's ring on macOS",
      {platform: 'darwin', isRoot: true, settings: {...settings.capture, backend: 'ring'}},
    ],
    ['no libpcap on macOS', {platform: 'darwin', isRoot: true, pcap: {missing: 'no'}}],
    ['no Npcap on Windows', {platform: 'win32', pcap: {missing: 'no'}}],
    ['libpcap for an ordinary user of Linux', {settings: {...settings.capture, backend: 'pcap'}}],
    ['koffi not loading', {koffi: {missing: 'no'}}],
    ['a backend that is not there', {settings: {...settings.capture, backend: 'cap'}}],
    ['no default route', {interfaces: []}],
    ['an unknown interface', {interfaces: [{name: 'x', mtu: undefined, isUp: false, offloads: none}]}],
    ['an interface that is down', {interfaces: [{name: 'x', mtu: 1500, isUp: false, offloads: none}]}],
    ['rings larger than memory', {available: 2 ** 20}],
    ['an unknown user to become', {isRoot: true, userExists: false}],
  ])('%s is one failing check with what mends it', (_name, changes) => {
    expect(failing(changes)).toMatchObject([{mend: expect.stringMatching(/./)}]);
  });

  const lines = (changes: Partial<PacketFacts>) =>
    Object.fromEntries(
      packetChecks({...facts, ...changes}).map(({check, state, found}) => [check, `${state}: ${found}`]),
    );

  test('each backend is named with why it works here or does not', () => {
    expect(lines({isRoot: true, hasCap: true})).toMatchObject({
      'backend ring': "ok: in use (backend = auto): the kernel's packet ring",
      'backend pcap': 'note: works here too: libpcap version 1.10.3',
      'backend cap': expect.stringContaining('note: works here too'),
    });
    expect(lines({})).toMatchObject({
      'backend pcap': 'note: not in use; with it only root can give its rights up again',
      'backend cap': 'note: not in use; the optional package cap is not installed. Added with: npm install cap',
    });
    expect(lines({platform: 'win32', pcap: {version: 'Npcap version 1.80'}})).toMatchObject({
      'backend ring': 'note: not in use; it needs Linux, and this is win32',
      'backend pcap': 'ok: in use (backend = auto): Npcap version 1.80',
      'sensor user': expect.stringContaining('on Windows it cannot become another'),
    });
  });

  test.each([
    [none, 'offloads off; packets above the MTU are an anomaly'],
    [{...none, on: ['TSO', 'GRO']}, 'offloads on: TSO, GRO; packets above the MTU are no anomaly'],
    [{...none, virtual: true}, 'no hardware, offloads off; packets above the MTU are no anomaly'],
    [{...none, unknown: ['LRO']}, 'offloads off, not told: LRO; packets above the MTU are no anomaly'],
  ])('an interface is told with its MTU and its offloads: %j', (offloads, words) => {
    const interfaces = [{name: 'eth0', mtu: 1500, isUp: true, offloads}];
    expect(lines({interfaces})['interface eth0']).toBe(`ok: up, MTU 1500, ${words}`);
  });

  test('nothing fails where packets are not asked for', () => {
    expect(failing({capabilities: '0', wanted: false})).toEqual([]);
    expect(failing({capabilities: '0', settings: {...settings.capture, packets: false}})).toEqual([]);
  });
});

describe('system', () => {
  const facts: SystemFacts = {
    settings,
    platform: 'linux',
    isRoot: true,
    access: () => 'readable',
    hasSystemInformation: true,
    watched: {files: 3, hidden: 0},
  };

  test('without /proc metrics fail; without a part of it that is noted', () => {
    expect(named(systemChecks({...facts, access: () => 'missing'}), 'metrics')?.state).toBe('fails');
    const partly = systemChecks({...facts, access: path => (path === '/proc/diskstats' ? 'denied' : 'readable')});
    expect(named(partly, 'metrics')).toMatchObject({state: 'note', found: expect.stringContaining('/proc/diskstats')});
  });

  test('watched files that may not be read are counted', () => {
    const found = systemChecks({...facts, watched: {files: 3, hidden: 2}});
    expect(named(found, 'file watch')).toMatchObject({state: 'note', found: expect.stringContaining('2 of them')});
  });
});

describe('learned model', () => {
  const facts: ModelFacts = {
    settings: settings.detect,
    path: '/m',
    file: {state: 'none'},
    missing: [],
    hasNodeBackend: false,
    install,
  };

  test('none yet is a note; a refused one fails and says why', () => {
    expect(named(modelChecks(facts), 'learned model')).toMatchObject({state: 'note'});
    const refused = modelChecks({...facts, file: {state: 'refused', reason: 'its checksum'}});
    expect(named(refused, 'learned model')).toMatchObject({state: 'fails', found: 'its checksum', mend: 'siem train'});
  });

  test('missing parts of TensorFlow.js fail, tfjs-node only where it is asked for', () => {
    expect(named(modelChecks({...facts, missing: ['a.wasm']}), 'training')?.state).toBe('fails');
    expect(named(modelChecks(facts), 'tfjs-node')?.state).toBe('note');
    const asked = modelChecks({...facts, settings: {...settings.detect, backend: 'node'}});
    expect(named(asked, 'tfjs-node')).toMatchObject({state: 'fails', mend: expect.stringContaining('npm install')});
  });
});

describe('terminal', () => {
  const tty = {isTTY: true, columns: 80, rows: 24};
  const facts = {settings: settings.screen, env: {TERM: 'xterm', LANG: 'C.UTF-8'}, stdin: tty, stdout: tty};

  test('80×24 in UTF-8 is fine, anything less is noted and never fails', () => {
    expect(terminalChecks(facts).map(({state}) => state)).toEqual(['ok', 'ok', 'ok']);
    const lesser = [
      terminalChecks({...facts, stdout: {...tty, columns: 79}}),
      terminalChecks({...facts, env: {TERM: 'xterm'}}),
      terminalChecks({...facts, env: {TERM: 'dumb'}}),
      terminalChecks({...facts, stdout: {}}),
    ];
    for (const checks of lesser) {
      expect(checks.map(({state}) => state)).toContain('note');
      expect(checks.map(({state}) => state)).not.toContain('fails');
    }
  });
});

test('a mend stands under its check; colour and unicode only where they are wanted', () => {
  const checks: Check[] = [
    {check: 'a', state: 'ok', found: 'fine\u001b[2J'},
    {check: 'longer', state: 'fails', found: 'broken', mend: 'do this'},
  ];
  expect(renderChecks(checks, {colour: false, unicode: false, width: undefined})).toBe(
    [
      '+ ok     a       fine␛[2J',
      'x fails  longer  broken',
      '         -> do this',
      '',
      '1 ok, 0 notes, 1 failing',
    ].join('\n'),
  );
  expect(renderChecks(checks, {colour: true, unicode: true, width: 80})).toContain(
    '\u001b[1;31m✗ fails\u001b[0m  longer',
  );
});

test('on a terminal what was found is wrapped under itself, and what mends it is left whole', () => {
  const mend = 'npm install --no-save --prefix /opt/siem something-long';
  const text = renderChecks([note('journal', 'is here, and its journal is empty: text logs are read', mend)], {
    colour: false,
    unicode: true,
    width: 50,
  });
  expect(text.split('\n').slice(0, 3)).toEqual([
    '• note   journal  is here, and its journal is',
    '                  empty: text logs are read',
    `         → ${mend}`,
  ]);
});
