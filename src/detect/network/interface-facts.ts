/** What the detectors know of the interface that a packet came from. */
export interface InterfaceFacts {
  readonly name: string;
  readonly mtu: number;
  /** A segmentation or receive offload is on, or no hardware is behind it: TCP and UDP may exceed the MTU. */
  readonly aggregates: boolean;
  /** The loopback: every address on it is this machine's own. */
  readonly loopback: boolean;
  /** The routers of this interface's default routes. Absent where nothing is known, as of a file. */
  readonly gateways?: readonly Gateway[];
  /** Networks that this machine is part of by another interface, and not by this one. */
  readonly elsewhere?: readonly ConnectedNetwork[];
}

export interface Gateway {
  readonly ip: string;
  /** As the kernel knows it; '' where it does not. */
  readonly mac: string;
}

/** An IPv4 network as 32-bit words, `network` already masked. */
export interface ConnectedNetwork {
  readonly interface: string;
  readonly network: number;
  readonly mask: number;
}

/** Of a capture file nothing is known: an Ethernet with offloads is the likely one, and raises no false alarm. */
export function factsOfFile(name: string): InterfaceFacts {
  return {name, mtu: 1500, aggregates: true, loopback: false};
}
