import {icmpText, icmpv6Text} from '../icmp-names.ts';
import type {LayerName} from '../layers.ts';
import type {FieldList} from './field-list.ts';

const flagNames = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const optionNames: Readonly<Record<number, string>> = {
  2: 'Maximum segment size',
  3: 'Window scale',
  4: 'Selective acknowledgement permitted',
  5: 'Selective acknowledgement',
  8: 'Time stamp',
  30: 'Multipath TCP',
  34: 'Fast open cookie',
};

export const transportLayers: Partial<Readonly<Record<LayerName, (f: FieldList) => void>>> = {
  tcp: f => {
    ports(f);
    f.number('Sequence', 4, 4);
    f.number('Acknowledged', 8, 4);
    if (!f.has(12, 2)) return;
    const length = (f.value(12, 1) >> 4) * 4;
    f.add('Header length', 12, 1, `${length} bytes`);
    const flags = flagNames.filter((_, bit) => (f.value(13, 1) & (1 << bit)) !== 0);
    f.add('Flags', 13, 1, flags.length === 0 ? 'none' : flags.join(', '));
    f.number('Window', 14, 2);
    f.hex('Checksum', 16, 2);
    f.number('Urgent pointer', 18, 2);
    options(f, length);
  },
  udp: f => {
    ports(f);
    f.number('Length', 4, 2);
    f.hex('Checksum', 6, 2);
  },
  udplite: f => {
    ports(f);
    f.number('Checksum coverage', 4, 2);
    f.hex('Checksum', 6, 2);
  },
  icmp: f => icmp(f, icmpText),
  icmpv6: f => icmp(f, icmpv6Text),
  sctp: f => {
    ports(f);
    f.hex('Verification tag', 4, 4);
    f.hex('Checksum', 8, 4);
    f.number('First chunk', 12, 1);
  },
  dccp: ports,
};

function ports(f: FieldList): void {
  f.number('Source port', 0, 2);
  f.number('Destination port', 2, 2);
}

function icmp(f: FieldList, text: (type: number, code: number) => string): void {
  if (!f.has(0, 2)) return;
  f.number('Type', 0, 1, type => text(type, f.value(1, 1)));
  f.number('Code', 1, 1);
  f.hex('Checksum', 2, 2);
  f.hex('Identifier or rest', 4, 2);
  f.number('Sequence or rest', 6, 2);
}

/** Each option that is there with its bytes; no more than forty fit in a header. */
function options(f: FieldList, length: number): void {
  for (let offset = 20; offset < length && f.has(offset, 1); ) {
    const kind = f.value(offset, 1);
    if (kind === 0) return;
    if (kind === 1) {
      offset++;
      continue;
    }
    const size = f.has(offset, 2) ? f.value(offset + 1, 1) : 0;
    if (size < 2 || !f.has(offset, size)) return;
    f.add(optionNames[kind] ?? `Option ${kind}`, offset, size, optionText(f, kind, offset, size));
    offset += size;
  }
}

function optionText(f: FieldList, kind: number, offset: number, size: number): string {
  if (kind === 2 && size === 4) return String(f.value(offset + 2, 2));
  if (kind === 3 && size === 3) return `${f.value(offset + 2, 1)} (times ${2 ** Math.min(14, f.value(offset + 2, 1))})`;
  if (kind === 8 && size === 10) return `${f.value(offset + 2, 4)}, echo ${f.value(offset + 6, 4)}`;
  return `${size} bytes`;
}
