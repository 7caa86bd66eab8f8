/** Certificates made up for tests, element by element, without a signature that holds. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const {length} = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

export const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);

export function text(value: string, tag = 0x0c): Buffer {
  return der(tag, Buffer.from(value, 'utf8'));
}

/** A name of parts, each a type in hexadecimal and its string. */
export function name(...parts: readonly (readonly [type: string, value: Uint8Array])[]): Buffer {
  return sequence(...parts.map(([type, value]) => der(0x31, sequence(der(0x06, Buffer.from(type, 'hex')), value))));
}

export interface CertificateParts {
  readonly subject?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly serial?: string;
  readonly validity?: Uint8Array;
  readonly dnsNames?: readonly string[];
}

export const commonName = '550403';
export const organization = '55040a';

export function certificate(parts: CertificateParts = {}): Buffer {
  const {subject, issuer, serial = '0a0b', validity, dnsNames = ['www.example.org', 'example.org']} = parts;
  const names = sequence(
    der(0x87, Buffer.from([192, 0, 2, 1])),
    ...dnsNames.map(found => der(0x82, Buffer.from(found))),
  );
  const algorithm = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
  const basic = sequence(der(0x06, Buffer.from('551d13', 'hex')), der(0x01, Buffer.from([255])), der(0x04, sequence()));
  const alternative = sequence(der(0x06, Buffer.from('551d11', 'hex')), der(0x04, names));
  const signed = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from(serial, 'hex')),
    algorithm,
    issuer ?? name([organization, text('Example Trust', 0x13)], [commonName, text('Example CA')]),
    validity ?? sequence(text('260101000000Z', 0x17), text('20510101000000Z', 0x18)),
    subject ?? name([organization, text('Example, Inc')], [commonName, text('www.example.org')]),
    sequence(algorithm, der(0x03, Buffer.alloc(140, 7))),
    der(0xa3, sequence(basic, alternative)),
  );
  return sequence(signed, algorithm, der(0x03, Buffer.alloc(128, 9)));
}
