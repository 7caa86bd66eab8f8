/** What the detectors know of the interface that a packet came from. */
export interface InterfaceFacts {
  readonly name: string;
  readonly mtu: number;
  /** A segmentation or receive offload is on, or no hardware is behind it: TCP and UDP may exceed the MTU. */
  readonly aggregates: boolean;
  /** The loopback: every address on it is this machine's own. */
  readonly loopback: boolean;
}

/** Of a capture file nothing is known: an Ethernet with offloads is the likely one, and raises no false alarm. */
export function factsOfFile(name: string): InterfaceFacts {
  return {name, mtu: 1500, aggregates: true, loopback: false};
}
