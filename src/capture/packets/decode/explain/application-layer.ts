import {dnsCodeName, dnsTypeName} from '../application/dns-types.ts';
import type {TlsFacts} from '../application/tls.ts';
import type {ApplicationFacts} from '../application.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** The facts of an application as a layer's fields. They are said by the payload as a whole. */
export function explainFacts(facts: ApplicationFacts): {readonly layer: string; readonly pairs: Pairs} {
  switch (facts.kind) {
    case 'dns':
      return {
        layer: 'dns',
        pairs: [
          ['Identifier', String(facts.id)],
          ['Kind', facts.response ? `answer, ${dnsCodeName(facts.responseCode)}` : 'question'],
          ...facts.questions.map(({name, type}) => ['Question', `${dnsTypeName(type)} ${name || '.'}`] as const),
          ...facts.answers.map(
            ({name, type, data}) => ['Answer', `${dnsTypeName(type)} ${name || '.'} ${data}`] as const,
          ),
        ],
      };
    case 'http-request':
      return {
        layer: 'http',
        pairs: [
          ['Request', `${facts.method} ${facts.target}`],
          ['Host', facts.host],
          ['User agent', facts.userAgent],
        ],
      };
    case 'http-response':
      return {
        layer: 'http',
        pairs: [
          ['Status', String(facts.status)],
          ['Server', facts.server],
          ['Content', facts.contentType],
        ],
      };
    case 'tls-client':
    case 'tls-server':
      return {layer: 'tls', pairs: helloPairs(facts)};
    case 'quic':
      return {
        layer: 'quic',
        pairs: [['Version', `0x${facts.version.toString(16)}`], ...(facts.hello ? helloPairs(facts.hello) : [])],
      };
    case 'ssh':
      return {
        layer: 'ssh',
        pairs: [
          ['Protocol', facts.protocol],
          ['Software', facts.software],
        ],
      };
    case 'ntp':
      return {
        layer: 'ntp',
        pairs: [
          ['Version', String(facts.version)],
          ['Mode', facts.mode],
          ['Reference', facts.reference],
        ],
      };
    case 'dhcp':
      return {
        layer: 'dhcp',
        pairs: [
          ['Type', facts.type],
          ['Client', facts.clientMac],
          ['Requested', facts.requestedAddress],
          ['Offered', facts.offeredAddress],
          ['Server', facts.server],
          ['Host name', facts.hostname],
        ],
      };
    default:
      return facts satisfies never;
  }
}

function helloPairs(facts: TlsFacts): Pairs {
  return [
    [facts.kind === 'tls-client' ? 'Client offers' : 'Server chose', `TLS ${facts.version}`],
    ['Server name', facts.serverName],
    ['Protocols', facts.applicationProtocols.join(', ')],
    [facts.kind === 'tls-client' ? 'JA3' : 'JA3S', facts.ja3],
    ['JA4', facts.ja4],
  ];
}
