import type {LayerName} from '../layers.ts';
import {protocolName} from '../names.ts';
import type {FieldList} from './field-list.ts';

/** How IP, its extension headers and the tunnels are explained. */
export const ipLayers: Partial<Readonly<Record<LayerName, (f: FieldList) => void>>> = {
  ipv4: f => {
    if (!f.has(0, 1)) return;
    const length = (f.value(0, 1) & 15) * 4;
    f.add('Version', 0, 1, String(f.value(0, 1) >> 4));
    f.add('Header length', 0, 1, `${length} bytes`);
    f.hex('Differentiated services', 1, 1);
    f.number('Total length', 2, 2);
    f.hex('Identification', 4, 2);
    if (f.has(6, 2)) {
      f.add('Flags', 6, 1, fragmentFlags(f.value(6, 1)));
      f.add('Fragment offset', 6, 2, String((f.value(6, 2) & 0x1fff) * 8));
    }
    f.number('Time to live', 8, 1);
    f.number('Protocol', 9, 1, ipProtocol);
    f.hex('Checksum', 10, 2);
    f.ipv4('Source', 12);
    f.ipv4('Destination', 16);
    if (length > 20 && f.has(20, length - 20)) f.add('Options', 20, length - 20, `${length - 20} bytes`);
  },
  ipv6: f => {
    if (f.has(0, 4)) {
      f.add('Version', 0, 1, String(f.value(0, 1) >> 4));
      f.add('Traffic class', 0, 2, `0x${((f.value(0, 2) >> 4) & 0xff).toString(16).padStart(2, '0')}`);
      f.add('Flow label', 1, 3, `0x${(f.value(1, 3) & 0xfffff).toString(16).padStart(5, '0')}`);
    }
    f.number('Payload length', 4, 2);
    f.number('Next header', 6, 1, ipProtocol);
    f.number('Hop limit', 7, 1);
    f.ipv6('Source', 8);
    f.ipv6('Destination', 24);
  },
  'hop-by-hop options': extension,
  'destination options': extension,
  'routing header': f => {
    extension(f);
    f.number('Routing type', 2, 1);
    f.number('Segments left', 3, 1);
  },
  'fragment header': f => {
    f.number('Next header', 0, 1, ipProtocol);
    if (f.has(2, 2)) {
      f.add('Offset', 2, 2, String(f.value(2, 2) & 0xfff8));
      f.add('More fragments', 3, 1, (f.value(2, 2) & 1) === 0 ? 'no' : 'yes');
    }
    f.hex('Identification', 4, 4);
  },
  'mobility header': f => f.number('Type', 2, 1),
  ah: f => {
    f.number('Next header', 0, 1, ipProtocol);
    f.hex('Security parameters index', 4, 4);
    f.number('Sequence', 8, 4);
  },
  esp: f => {
    f.hex('Security parameters index', 0, 4);
    f.number('Sequence', 4, 4);
  },
  gre: f => {
    f.hex('Flags and version', 0, 2);
    f.hex('Protocol type', 2, 2, type => protocolName(-1, type));
  },
  erspan: f => f.hex('Version and VLAN', 0, 2),
  vxlan: f => {
    f.hex('Flags', 0, 1);
    f.number('Network identifier', 4, 3);
  },
  geneve: f => {
    f.hex('Version and length', 0, 1);
    f.hex('Protocol type', 2, 2, type => protocolName(-1, type));
    f.number('Network identifier', 4, 3);
  },
  l2tp: f => f.hex('Flags and version', 0, 2),
  gtp: f => {
    f.hex('Flags', 0, 1);
    f.number('Message type', 1, 1);
    f.number('Length', 2, 2);
    f.hex('Tunnel', 4, 4);
  },
  etherip: f => f.hex('Version', 0, 1),
};

function extension(f: FieldList): void {
  f.number('Next header', 0, 1, ipProtocol);
  if (f.has(1, 1)) f.add('Length', 1, 1, `${(f.value(1, 1) + 1) * 8} bytes`);
}

function ipProtocol(protocol: number): string {
  const name = protocolName(protocol, 0);
  return name.startsWith('IP ') ? '' : name;
}

function fragmentFlags(byte: number): string {
  const flags = [
    (byte & 0x80) !== 0 && 'reserved',
    (byte & 0x40) !== 0 && 'do not fragment',
    (byte & 0x20) !== 0 && 'more',
  ];
  return flags.filter(flag => flag !== false).join(', ') || 'none';
}
