import type {NetworkInterfaceInfo} from 'node:os';
import {askDefaultRoutes} from './default-route.ts';

function entry(address: string, internal = false): NetworkInterfaceInfo {
  const family = address.includes(':') ? ('IPv6' as const) : ('IPv4' as const);
  const rest = {address, netmask: '', mac: '02:00:00:00:00:01', internal, cidr: null};
  return (family === 'IPv6' ? {...rest, family, scopeid: 0} : {...rest, family}) as NetworkInterfaceInfo;
}

const macRoute = `   route to: default
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
`;

const windowsRoute = `===========================================================================
Schnittstellenliste
 12...00 15 5d 01 02 03 ......Intel(R) Ethernet Connection
===========================================================================

IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.50     25
===========================================================================
`;

const windowsInterfaces = {
  'Ethernet 2': [entry('fe80::1'), entry('192.168.1.50')],
  'vEthernet (WSL)': [entry('172.20.0.1')],
  Unplugged: [entry('169.254.3.4')],
  Loopback: [entry('127.0.0.1', true)],
};

test('on macOS route names the interface, and one that holds both families is named once', () => {
  const asked: string[] = [];
  const run = (program: string, words: readonly string[]) => {
    asked.push([program, ...words].join(' '));
    return macRoute;
  };
  expect(askDefaultRoutes({platform: 'darwin', run, interfaces: () => ({})})).toEqual(['en0']);
  expect(asked).toEqual(['/sbin/route -n get default', '/sbin/route -n get -inet6 default']);
});

test('on macOS without a route there is none', () => {
  expect(askDefaultRoutes({platform: 'darwin', run: () => '', interfaces: () => ({})})).toEqual([]);
});

test("on Windows the route's own address tells the interface, whatever the language", () => {
  const probes = {platform: 'win32', run: () => windowsRoute, interfaces: () => windowsInterfaces} as const;
  expect(askDefaultRoutes(probes)).toEqual(['Ethernet 2']);
});

test('on Windows without an answer the interfaces that lead outward are taken', () => {
  const probes = {platform: 'win32', run: () => '', interfaces: () => windowsInterfaces} as const;
  expect(askDefaultRoutes(probes)).toEqual(['Ethernet 2', 'vEthernet (WSL)']);
});
