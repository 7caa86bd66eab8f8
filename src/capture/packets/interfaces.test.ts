import {CaptureError} from './backend.ts';
import {defaultRouteInterfaces, resolveInterfaces} from './interfaces.ts';
import {summarise} from './privilege.ts';

const v4 = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
wlan0	0000A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
`;
const v6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 tun0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth1
`;

test('auto means the interfaces of the default routes, IPv4 and IPv6, and no other', () => {
  expect(defaultRouteInterfaces(v4, v6)).toEqual(['eth0', 'tun0']);
  expect(defaultRouteInterfaces('', '')).toEqual([]);
});

test('named interfaces are taken as they are, lo too', () => {
  expect(resolveInterfaces(['lo', 'eth9', 'lo'])).toEqual(['lo', 'eth9']);
});

test('a name that would leave the folder of interfaces is refused', () => {
  expect(() => resolveInterfaces(['../../etc'])).toThrow(CaptureError);
  expect(() => resolveInterfaces(['..'])).toThrow('Expected the name of a network interface');
});

test('one thread that kept a capability is enough to say so', () => {
  const clean =
    'Name:\tnode\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\n';
  const kept = clean.replace('CapPrm:\t0000000000000000', 'CapPrm:\t0000000000002000');
  expect(summarise([clean, clean], 65_534)).toMatchObject({capabilitiesZero: true, noNewPrivileges: true, threads: 2});
  expect(summarise([clean, kept], 65_534).capabilitiesZero).toBe(false);
  expect(summarise(['nothing'], 0).capabilitiesZero).toBe(false);
});
