/**
 * The network an address belongs to, as people allot them: /16 of IPv4, /32 of IPv6. Single addresses are too many to
 * be few; a network is what changes when somebody comes from elsewhere.
 */
export function networkOf(address: string): string {
  if (address === '::1' || address.startsWith('127.')) return 'loopback';
  if (!address.includes(':')) return `${address.split('.', 2).join('.')}.0.0/16`;
  const mapped = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i.exec(address)?.[1];
  if (mapped !== undefined) return networkOf(mapped);
  return `${address.toLowerCase().split(':', 2).join(':')}::/32`;
}
