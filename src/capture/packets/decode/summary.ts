import {dnsCodeName, dnsTypeName} from './application/dns-types.ts';
import {type ApplicationFacts, applicationFacts, mayBeQuic} from './application.ts';
import type {Decoded} from './decoded.ts';
import {DecodeEvents, decodeEventNames} from './events.ts';
import {informationText, type SequenceBase} from './information.ts';

/**
 * The packet in a line, as the highest layer tells it: `DNS answer A example.org 192.0.2.1`, `TLS Client Hello
 * example.org`, else what its transport says. Allocates: for packets that are shown. QUIC is not opened, which costs
 * 50 µs.
 */
export function summaryText(d: Decoded, base: SequenceBase): string {
  if (mayBeQuic(d)) return `QUIC handshake Len=${d.payloadLength}`;
  const facts = applicationFacts(d);
  return facts ? factsText(facts) : informationText(d, base);
}

/** The first thing that is wrong with a packet, by name; that the capture cut it is no fault of it. '' for none. */
export function problemOf(d: Decoded): string {
  for (let i = 0; i < d.eventCount; i++) {
    const id = d.eventIds[i] ?? 0;
    if (id !== DecodeEvents['capture.cut']) return decodeEventNames[id] ?? '';
  }
  return '';
}

function factsText(facts: ApplicationFacts): string {
  switch (facts.kind) {
    case 'dns':
      return words(
        `DNS ${facts.response ? 'answer' : 'query'}`,
        facts.responseCode === 0 ? '' : dnsCodeName(facts.responseCode),
        ...facts.questions.slice(0, 1).map(({name, type}) => `${dnsTypeName(type)} ${name || '.'}`),
        ...facts.answers.slice(0, 4).map(({data}) => data),
      );
    case 'http-request':
      return words(`HTTP ${facts.method} ${facts.target}`, facts.host && `Host: ${facts.host}`);
    case 'http-response':
      return words(`HTTP response ${facts.status}`, facts.contentType, facts.server && `Server: ${facts.server}`);
    case 'tls-client':
      return words('TLS Client Hello', facts.serverName, facts.applicationProtocols.join(','));
    case 'tls-server':
      return words('TLS Server Hello', `TLS ${facts.version}`, facts.applicationProtocols.join(','));
    case 'quic':
      return words('QUIC handshake', facts.hello?.serverName ?? '');
    case 'ssh':
      return words('SSH', facts.protocol, facts.software);
    case 'ntp':
      return words('NTP', facts.mode, facts.reference);
    case 'dhcp':
      return words('DHCP', facts.type, facts.hostname, facts.offeredAddress || facts.requestedAddress);
    default:
      return facts satisfies never;
  }
}

function words(...parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' ');
}
