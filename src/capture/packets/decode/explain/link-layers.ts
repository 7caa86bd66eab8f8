import type {LayerName} from '../layers.ts';
import {protocolName} from '../names.ts';
import type {FieldList} from './field-list.ts';

/** How the layers below IP are explained. */
export const linkLayers: Partial<Readonly<Record<LayerName, (f: FieldList) => void>>> = {
  ethernet: f => {
    f.mac('Destination', 0);
    f.mac('Source', 6);
    f.hex('Type', 12, 2, typeText);
  },
  llc: f => {
    f.hex('DSAP', 0, 1);
    f.hex('SSAP', 1, 1);
    f.hex('Control', 2, 1);
    if (!f.has(0, 2) || f.value(0, 2) !== 0xaaaa) return;
    f.hex('Organisation', 3, 3);
    f.hex('Type', 6, 2, typeText);
  },
  vlan: f => {
    if (f.has(0, 2)) {
      const tag = f.value(0, 2);
      f.add('Priority', 0, 1, String(tag >> 13));
      f.add('Drop eligible', 0, 1, (tag & 0x1000) === 0 ? 'no' : 'yes');
      f.add('VLAN', 0, 2, String(tag & 0xfff));
    }
    f.hex('Type', 2, 2, typeText);
  },
  mpls: f => {
    if (!f.has(0, 4)) return;
    const entry = f.value(0, 4);
    f.add('Label', 0, 3, String(entry >>> 12));
    f.add('Traffic class', 2, 1, String((entry >> 9) & 7));
    f.add('Bottom of stack', 2, 1, (entry & 0x100) === 0 ? 'no' : 'yes');
    f.number('Time to live', 3, 1);
  },
  pppoe: f => {
    f.hex('Version and type', 0, 1);
    f.number('Code', 1, 1);
    f.hex('Session', 2, 2);
    f.number('Length', 4, 2);
  },
  ppp: f => {
    const skip = f.has(0, 2) && f.value(0, 2) === 0xff03 ? 2 : 0;
    if (f.has(skip, 1) && (f.value(skip, 1) & 1) !== 0) f.hex('Protocol', skip, 1, pppText);
    else f.hex('Protocol', skip, 2, pppText);
  },
  sll: f => {
    f.number('Packet type', 0, 2, packetTypeText);
    f.number('Hardware type', 2, 2);
    f.number('Address length', 4, 2);
    f.mac('Source', 6);
    f.hex('Type', 14, 2, typeText);
  },
  sll2: f => {
    f.hex('Type', 0, 2, typeText);
    f.number('Interface', 4, 4);
    f.number('Hardware type', 8, 2);
    f.number('Packet type', 10, 1, packetTypeText);
    f.number('Address length', 11, 1);
    f.mac('Source', 12);
  },
  null: f => f.hex('Family', 0, 4),
  radiotap: f => {
    f.number('Version', 0, 1);
    if (f.has(2, 2)) f.add('Length', 2, 2, String(f.value(2, 1) | (f.value(3, 1) << 8)));
  },
  wlan: f => {
    f.hex('Frame control', 0, 1);
    f.hex('Flags', 1, 1);
    f.mac('Address 1', 4);
    f.mac('Address 2', 10);
    f.mac('Address 3', 16);
  },
  nsh: f => {
    f.number('Next protocol', 3, 1);
    f.number('Service path', 4, 3);
    f.number('Service index', 7, 1);
  },
  pbb: f => f.number('Service', 1, 3),
  chdlc: f => {
    f.hex('Address', 0, 1);
    f.hex('Control', 1, 1);
    f.hex('Type', 2, 2, typeText);
  },
  arp: f => {
    f.number('Hardware type', 0, 2);
    f.hex('Protocol type', 2, 2, typeText);
    f.number('Hardware length', 4, 1);
    f.number('Protocol length', 5, 1);
    f.number('Operation', 6, 2, value => ['', 'request', 'reply', 'reverse request', 'reverse reply'][value] ?? '');
    if (!f.has(0, 8) || f.value(4, 1) !== 6 || f.value(5, 1) !== 4) return;
    f.mac('Sender MAC', 8);
    f.ipv4('Sender', 14);
    f.mac('Target MAC', 18);
    f.ipv4('Target', 24);
  },
};

function typeText(type: number): string {
  const name = type < 0x0600 ? 'length' : protocolName(-1, type);
  return name.startsWith('0x') ? '' : name;
}

function packetTypeText(type: number): string {
  return ['to this machine', 'broadcast', 'multicast', 'to another', 'sent'][type] ?? '';
}

function pppText(protocol: number): string {
  const names: Readonly<Record<number, string>> = {33: 'IPv4', 87: 'IPv6', 641: 'MPLS', 49185: 'LCP', 32801: 'IPCP'};
  return names[protocol] ?? '';
}
