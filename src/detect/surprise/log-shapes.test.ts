import {Drain} from './drain.ts';

/** Lines in the shapes that kinds of programs write: a list for each kind, in it a list for each statement. */
const shapes: Record<string, readonly (readonly string[])[]> = {
  'a proxy’s client': [
    [
      'gw.example.org:81 opened by way of gw.example.org:81 HTTPS',
      'www.example.com:443 opened by way of 10.0.0.1:81 HTTPS',
    ],
    [
      'relay.example.org:82 opened by way of relay.example.org:82 SOCKS5',
      '10.1.2.3:27 opened by way of 10.0.0.1:82 SOCKS5',
    ],
    [
      'gw.example.org:81 shut, 4 bytes out, 6 bytes in, after 00:02',
      'a.example.net:80 shut, 0 bytes out, 0 bytes in, after <1 sec',
    ],
    [
      'gw.example.org:81 shut, 4301 bytes (4.2 KB) out, 6 bytes in, after 01:00:02',
      'b.example.net:80 shut, 9301111 bytes (8.9 MB) out, 61 bytes in, after <1 sec',
    ],
    [
      'gw.example.org:81 shut, 4 bytes out, 61000 bytes (59.6 KB) in, after 00:02',
      'b.example.net:80 shut, 9 bytes out, 6100000 bytes (5.8 MB) in, after 02:02',
    ],
  ],
  'a cloud’s compute node': [
    ...['Booted', 'Halted', 'Frozen', 'Thawed'].map(state => [
      `[guest: 0b1f2c3d-1111-4222-8333-444455556666] VM ${state} (State Event)`,
      `[guest: 7b1f2c3d-1111-4222-8333-444455556667] VM ${state} (State Event)`,
    ]),
    ...['build the guest', 'free its addresses'].map(what => [
      `[guest: 0b1f2c3d-1111-4222-8333-444455556666] Needed 19.84 seconds to ${what}.`,
      `[guest: 7b1f2c3d-1111-4222-8333-444455556667] Needed 0.5 seconds to ${what}.`,
    ]),
    ...['GET', 'POST', 'DELETE'].map(method => [
      `10.0.0.1 "${method} /v2/54fadb412c4e40cd/guests HTTP/1.1" status: 200 len: 1893 time: 0.24`,
      `10.0.7.122,10.0.0.1 "${method} /latest/meta-data/ HTTP/1.1" status: 404 len: 7 time: 1.5`,
    ]),
    ['Old base files: /var/lib/cloud/_base/a489c8', 'Old base files: /var/lib/cloud/_base/b1 /var/lib/cloud/_base/c2'],
  ],
  'a data engine': [
    ['Have block rdd_42_20 here', 'Have block rdd_2_1 here', 'Have block rdd_7_13 here'],
    [
      'Block cast_0_piece0 kept as bytes (size 21.4 KB, left 1.2 GB)',
      'Block cast_10_piece3 kept as bytes (size 936.0 B, left 12.4 KB)',
    ],
    [
      'Block cast_9 kept as values (size 5.2 KB, left 319.6 KB)',
      'Block cast_12 kept as values (size 5.2 MB, left 3 GB)',
    ],
    ['Task 0.0 of stage 1.0 (TID 5) took 160 ms', 'Task 12.0 of stage 3.0 (TID 128) took 2 s'],
    ['Sums: all = 40, boot = -1046, end = 1', 'Sums: all = 44, boot = 3, end = 0'],
  ],
  'a job scheduler': [
    ...[
      ['NEW', 'READY'],
      ['READY', 'GIVEN'],
      ['GIVEN', 'RUNNING'],
      ['RUNNING', 'CLEAN_UP'],
      ['CLEAN_UP', 'DONE'],
    ].map(([from, to]) => [
      `try_1445144423722_0020_m_000001_0 went from ${from} to ${to}`,
      `try_1445144423999_0001_m_000002_1 went from ${from} to ${to}`,
    ]),
    ['Renewal for [Client_A_1537864556_1] failed for 51 seconds', 'Renewal for [Client_A_15_1] failed for 1 second'],
    ['Opening way to PC-41.corp.example.com:29630', 'Opening way to NODE-FNLI5.corp.example.com:62260'],
    ['Plan: left=<memory:0, cores:-27>', 'Plan: left=<memory:1024, cores:1>'],
  ],
  'a telephone': [
    [
      'Window{9f4ef63 tok=Tok{a64f992 Rec{de9231d u0 com.example.a/.news.Reader t761}}}, drawn= false, moved= true',
      'Window{9f4ef63 tok=Tok{5678589 Rec{1234567 u0 com.example.b/com.example.Live t432}}}, drawn= true, moved= true',
    ],
    ['shown is system.calls gt 0', 'shown is system.calls gt 4'],
    ['shown is system.clock.ampm'],
    ['ready=true,rule=3,sum=0x23,boot=false,auto=-1', 'ready=true,rule=1,sum=0x1,boot=true,auto=-1'],
    [
      'vis=0 mask=ffffffff old=40000500 area=Rect(0, 0 - 0, 0)',
      'vis=8 mask=ffffffff old=0 area=Rect(0, 0 - 720, 1280)',
    ],
  ],
  'a cluster’s hardware': [
    ['Fans ( 3552 3534 **** 3515 )', 'Fans ( 3552 3534 3375 3515 )'],
    [
      'odd node sets node-31 0x1ffe <ok> node-0 0xfffe <ok>',
      'odd node sets node-31 0x1ffe <ok> node-0 0xfffe <ok> node-1 0xffff <ok>',
    ],
    ['boot (command 3335)', 'boot (command 12)'],
    ['halt (command 1900)', 'halt (command 7)'],
    ['node-246 lost the link of network 5.5.224.0 on alt0', 'node-D1 lost the link of network 5.5.226.0 on alt1'],
    [
      'no answer from any [Rack_A8] source',
      'no answer from any [Rack_A1] source',
      'no answer from any [Rack_A2] source',
    ],
    ['CPU map (id[0x00] apic[0x00] on)', 'CPU map (id[0x03] apic[0x07] on)'],
  ],
};

test.each(Object.keys(shapes))('lines in the shapes of %s are grouped by their statement', name => {
  const drain = new Drain();
  const statements = shapes[name] ?? [];
  const longest = Math.max(...statements.map(lines => lines.length));
  const ids = statements.map((): number[] => []);
  for (let round = 0; round < longest; round++) {
    for (const [at, lines] of statements.entries()) {
      const line = lines[round];
      if (line !== undefined) ids[at]?.push(drain.match('', line).id);
    }
  }
  const groups = ids.map(found => [...new Set(found.map(id => drain.resolve(id)))]);
  expect(groups.map(({length}) => length)).toEqual(statements.map(() => 1));
  expect(new Set(groups.flat()).size).toBe(statements.length);
});
