import {createHmac} from 'node:crypto';

/** A version's salt and the words that its keys are derived with (RFC 9001, 5.2; RFC 9369, 3.3). */
export interface QuicVersion {
  readonly salt: Buffer;
  readonly prefix: 'quic' | 'quicv2';
  /** The two type bits of an Initial packet. */
  readonly initialType: number;
}

export interface QuicKeys {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly headerKey: Buffer;
}

const version1: QuicVersion = {salt: hex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'), prefix: 'quic', initialType: 0};
const version2: QuicVersion = {salt: hex('0dede3def700a6db819381be6e269dcbf9bd2ed9'), prefix: 'quicv2', initialType: 1};
/** Drafts 29 to 32 and 23 to 28, which old clients still speak. */
const draft29: QuicVersion = {...version1, salt: hex('afbfec289993d24c9e9786f19c6111e04390a899')};
const draft23: QuicVersion = {...version1, salt: hex('c3eef712c72ebb5a11a7d2432bb46365bef9f502')};

export function quicVersion(version: number): QuicVersion | undefined {
  if (version === 1) return version1;
  if (version === 0x6b3343cf) return version2;
  if (version >= 0xff00001d && version <= 0xff000020) return draft29;
  // The second is Meta's name for draft 27.
  return (version >= 0xff000017 && version <= 0xff00001c) || version === 0xfaceb002 ? draft23 : undefined;
}

/** The keys of a client's Initial packets, which follow from the connection id that it chose for the server. */
export function clientInitialKeys(version: QuicVersion, destinationId: Uint8Array): QuicKeys {
  const initial = createHmac('sha256', version.salt).update(destinationId).digest();
  const secret = expand(initial, 'client in', 32);
  return {
    key: expand(secret, `${version.prefix} key`, 16),
    iv: expand(secret, `${version.prefix} iv`, 12),
    headerKey: expand(secret, `${version.prefix} hp`, 16),
  };
}

/** HKDF-Expand-Label of TLS 1.3 with no context; one round of HMAC is enough for 32 bytes. */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
