/**
 * How a packet begins. `raw`: IPv4 or IPv6, as the first nibble says; `network`: at the network header, which `etherType`
 * names; `null`: BSD loopback in either byte order; `unsupported`: not decoded, only counted.
 */
export const linkKinds = [
  'ethernet',
  'raw',
  'ipv4',
  'ipv6',
  'network',
  'null',
  'sll',
  'sll2',
  'radiotap',
  'wlan',
  'ppp',
  'pppoe',
  'chdlc',
  'frame-relay',
  'pktap',
  'nflog',
  'unsupported',
] as const;

export type LinkKind = (typeof linkKinds)[number];

/** One packet where the backend holds it: `bytes` between `start` and `end` are valid until the callback returns. */
export interface RawPacket {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** Length on the wire. */
  wire: number;
  /** Microseconds since 1970, an integer, by the kernel's clock. */
  time: number;
  /** This machine sent it. */
  outgoing: boolean;
  /** VLAN id that the kernel took out of the packet, -1 if none. */
  vlan: number;
  link: LinkKind;
  etherType: number;
}

export interface BackendCounters {
  /** Packets that the kernel had no room for, since the capture was opened; undefined where nobody can tell. */
  readonly droppedByKernel: number | undefined;
}

/** Said by a backend when its interface is in trouble: `down` may pass; `gone` and `broken` (see `error`) will not. */
export type LinkState = 'up' | 'down' | 'gone' | 'broken';

/**
 * A way to get packets from one interface. Opened while privileged, used after privilege was dropped. `take` is called
 * again and again by the sensor's loop and never blocks.
 */
export interface PacketBackend {
  readonly interface: string;
  /** What the library said when this capture stopped working. */
  readonly error?: string | undefined;
  /** The kernel runs the filter; elsewhere the analyser does. */
  readonly filtered?: boolean;
  /**
   * It calls what `take` was last given whenever a packet comes, and `take` only says how many did: nothing else runs
   * while packets keep coming.
   */
  readonly pushes?: true;
  /**
   * Hands over the packets that wait, a bounded number of them (a block), and returns how many. 0: nothing waits. The
   * same RawPacket object is used each time.
   */
  take(onPacket: (packet: RawPacket) => void): number;
  counters(): BackendCounters;
  /** Cheap enough for once a second. */
  linkState(): LinkState;
  close(): void;
}

/** A capture that cannot be opened: what was expected, what was found, and what mends it. */
export class CaptureError extends Error {
  readonly code:
    | 'no-permission'
    | 'no-interface'
    | 'no-library'
    | 'interface-down'
    | 'ring-refused'
    | 'capture-refused'
    | 'filter-refused';
  readonly mend: string;

  constructor(code: CaptureError['code'], message: string, mend: string) {
    super(message);
    this.name = 'CaptureError';
    this.code = code;
    this.mend = mend;
  }
}
