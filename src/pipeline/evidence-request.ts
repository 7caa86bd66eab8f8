import {isIP} from 'node:net';
import type {EvidenceRequest} from '../capture/packets/evidence/request.ts';
import type {AlertGroup} from '../event/alert-group.ts';

const second = 1_000_000;
const before = 120 * second;
const after = 30 * second;
/** Findings about what one machine does to many, or many to one: its packets with whomever. */
const aboutMany = /^network\.(scan|flood|arp|reflection|backscatter|spoof|dhcp|first|ipv6)\b|sweep/;

/** Which packets an alert is about; undefined where it names no address of any kind. */
export function requestFor(group: AlertGroup): EvidenceRequest | undefined {
  const text = (name: string) => {
    const value = group.event[name];
    return typeof value === 'string' ? value : '';
  };
  const ends = [text('source.ip'), text('destination.ip')].filter(end => isIP(end) !== 0);
  const pair = ends.length === 2 && !aboutMany.test(group.rule) ? ends : undefined;
  const one = isIP(group.entity) !== 0 ? [group.entity] : ends.slice(0, 1);
  const addresses = pair ?? one;
  const macs = [text('source.mac'), group.entity].filter(mac => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)).slice(0, 1);
  if (addresses.length === 0 && macs.length === 0) return undefined;
  return {
    id: group.id,
    addresses,
    macs,
    time: group.first,
    from: group.first - before,
    until: group.last + after,
    comment: `${group.ruleName} (${group.rule}): ${group.reason}`,
  };
}
