import {type AddressKind, addressKind, isInside} from './address-kind.ts';

/**
 * Which addresses belong to this site: those that are never the internet's, and this machine's own. A server that is
 * on the internet itself, and every machine with IPv6, speaks from an address that else would be a stranger's. Of IPv6
 * the whole /64 is the site's: one link, and a machine changes its address in it each day.
 */
export class Site {
  #own: ReadonlySet<string> = new Set();

  constructor(own: readonly string[] = []) {
    this.setOwn(own);
  }

  /** The machine's addresses from now on, as text; those of the site anyway need not be among them. */
  setOwn(addresses: readonly string[]): void {
    this.#own = new Set(addresses.filter(one => addressKind(one) === 'public').map(linkOf));
  }

  /** An own address counts as private. */
  kindOf(address: string): AddressKind {
    const kind = addressKind(address);
    return kind === 'public' && this.#own.size > 0 && this.#own.has(linkOf(address)) ? 'private' : kind;
  }

  isInside(address: string): boolean {
    return isInside(this.kindOf(address));
  }
}

/** The address, or the /64 of an IPv6 one: `2001:db8:0:1`. */
function linkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const whole = [
    ...groups,
    ...new Array<string>(Math.max(0, Math.min(8, missing))).fill('0'),
    ...(tail ?? '').split(':'),
  ];
  return whole
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
