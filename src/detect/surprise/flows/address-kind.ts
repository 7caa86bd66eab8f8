/** Which kind of network an address belongs to. */
export type AddressKind = 'loopback' | 'private' | 'link-local' | 'multicast' | 'public';

/** From the address as text, as the capture writes it. What is no address counts as public. */
export function addressKind(address: string): AddressKind {
  return address.includes(':') ? kindOf6(address) : kindOf4(address);
}

/** Addresses that belong to this site: private, link-local, loopback. */
export function isInside(kind: AddressKind): boolean {
  return kind === 'private' || kind === 'link-local' || kind === 'loopback';
}

/** The network that an outside address stands for: a provider's service has many addresses. /24, or /48 for IPv6. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address.slice(0, Math.max(0, address.lastIndexOf('.')));
  return address.split(':', 3).join(':');
}

function kindOf4(address: string): AddressKind {
  const end = address.indexOf('.');
  const a = numberAt(address, 0, end);
  const b = numberAt(address, end + 1, address.indexOf('.', end + 1));
  if (a === 127) return 'loopback';
  if (a === 10 || (a === 192 && b === 168) || (a === 172 && b >= 16 && b < 32)) return 'private';
  // Shared address space of carriers (RFC 6598), used inside overlay networks too.
  if (a === 100 && b >= 64 && b < 128) return 'private';
  if (a === 169 && b === 254) return 'link-local';
  if (a === 255 || (a >= 224 && a < 240)) return 'multicast';
  return 'public';
}

function kindOf6(address: string): AddressKind {
  const start = address.slice(0, 4).toLowerCase();
  if (address === '::1') return 'loopback';
  if (/^f[cd]/.test(start)) return 'private';
  if (/^fe[89ab]/.test(start)) return 'link-local';
  if (start.startsWith('ff')) return 'multicast';
  return address.toLowerCase().startsWith('::ffff:') ? kindOf4(address.slice(7)) : 'public';
}

/** The decimal number between two places; −1 where there is none. */
function numberAt(text: string, from: number, to: number): number {
  if (to <= from || to - from > 3) return -1;
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
