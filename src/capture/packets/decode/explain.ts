import type {LinkKind, RawPacket} from '../backend.ts';
import type {ExplainedLayer} from '../explained.ts';
import {applicationFacts} from './application.ts';
import {Decoded} from './decoded.ts';
import {decodeEventNames} from './events.ts';
import {explainFacts} from './explain/application-layer.ts';
import {FieldList} from './explain/field-list.ts';
import {ipLayers} from './explain/ip-layers.ts';
import {linkLayers} from './explain/link-layers.ts';
import {transportLayers} from './explain/transport-layers.ts';
import {layerNames} from './layers.ts';
import {decodeInner, decodePacket} from './packet.ts';

const layers = {...linkLayers, ...ipLayers, ...transportLayers};

/**
 * The decode tree of a packet: its layers, those of tunnelled packets too, and their fields, each with the bytes that say
 * it, for a hex view to light up. Allocates: for the one packet that somebody looks at.
 *
 * @example
 * explainBytes(bytes, 'ethernet')[1]?.fields[9]; // {name: 'Source', value: '10.0.0.1', start: 26, length: 4}
 */
export function explainPacket(packet: RawPacket): readonly ExplainedLayer[] {
  const found: ExplainedLayer[] = [];
  let d = new Decoded();
  decodePacket(d, packet);
  for (let more = true; more; ) {
    found.push(...explainLayers(d, packet.start));
    const inner = new Decoded();
    more = decodeInner(d, inner);
    if (!more) found.push(...explainRest(d, packet.start));
    d = inner;
  }
  return found;
}

/** The same for bytes that lie alone. */
export function explainBytes(bytes: Uint8Array, link: LinkKind, etherType = 0): readonly ExplainedLayer[] {
  const {length} = bytes;
  return explainPacket({
    bytes,
    start: 0,
    end: length,
    wire: length,
    time: 0,
    outgoing: false,
    vlan: -1,
    link,
    etherType,
  });
}

function explainLayers(d: Decoded, origin: number): readonly ExplainedLayer[] {
  const found: ExplainedLayer[] = [];
  for (let i = 0; i < d.layerCount; i++) {
    const at = d.layerAt[i] ?? 0;
    const end = Math.max(at, Math.min(d.end, i + 1 < d.layerCount ? (d.layerAt[i + 1] ?? d.end) : behindLayers(d, at)));
    const name = layerNames[d.layers[i] ?? 0] ?? 'raw';
    const list = new FieldList(d.bytes, origin, at, end);
    layers[name]?.(list);
    found.push({layer: name, start: at - origin, length: end - at, fields: list.fields});
  }
  if (d.eventCount > 0) found.push(problems(d, origin));
  return found;
}

/** Where the last layer ends. */
function behindLayers(d: Decoded, at: number): number {
  if (d.inner >= at) return d.inner;
  if (d.payload >= at) return d.payload;
  return d.network >= 0 ? d.ipEnd : d.end;
}

function problems(d: Decoded, origin: number): ExplainedLayer {
  const fields = Array.from(d.eventIds.subarray(0, d.eventCount), id => {
    return {name: decodeEventNames[id] ?? '', value: '', start: d.start - origin, length: d.end - d.start};
  });
  return {layer: 'problems', start: d.start - origin, length: d.end - d.start, fields};
}

/** The application where it is known, and the payload where there is some. */
function explainRest(d: Decoded, origin: number): readonly ExplainedLayer[] {
  const start = d.payload - origin;
  const length = d.payloadEnd - d.payload;
  if (d.payload < 0 || length <= 0) return [];
  const facts = applicationFacts(d);
  const payload = {
    layer: 'payload',
    start,
    length,
    fields: [{name: 'Payload', value: `${length} bytes`, start, length}],
  };
  if (!facts) return [payload];
  const {layer, pairs} = explainFacts(facts);
  const fields = pairs.filter(([, value]) => value !== '').map(([name, value]) => ({name, value, start, length}));
  return [{layer, start, length, fields}, payload];
}
