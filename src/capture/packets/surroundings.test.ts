import {gatewaysOf, networksElsewhere} from './surroundings.ts';

const v4 = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
wlan0	0000A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
`;
const v6 = `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003 tun0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth1
`;
const arpTable = `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x2         02:00:00:00:00:05     *        eth0
192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0
`;

test('the gateways of an interface are those of its default routes, with the MAC that the kernel knows', () => {
  expect(gatewaysOf('eth0', v4, v6, arpTable)).toEqual([{ip: '192.0.2.1', mac: '02:00:00:00:00:05'}]);
  expect(gatewaysOf('tun0', v4, v6, arpTable)).toEqual([{ip: 'fe80::1', mac: ''}]);
  expect(gatewaysOf('wlan0', v4, v6, arpTable)).toEqual([]);
});

test('networks of other interfaces are elsewhere, but for those that this one has too, and for a bridge port', () => {
  const entry = (address: string, netmask: string) => ({family: 'IPv4' as const, address, netmask, internal: false});
  const all = {
    eth0: [entry('192.168.1.10', '255.255.255.0')],
    eth1: [entry('10.1.2.3', '255.0.0.0')],
    wlan0: [entry('192.168.1.11', '255.255.255.0')],
    tun0: [entry('10.9.9.9', '255.255.255.255')],
    lo: [{...entry('127.0.0.1', '255.0.0.0'), internal: true}],
  };
  expect(networksElsewhere('eth0', all)).toEqual([{interface: 'eth1', network: 10 << 24, mask: 0xff000000 | 0}]);
  expect(networksElsewhere('veth7', all)).toEqual([]);
});
