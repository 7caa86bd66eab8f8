/** Generates filters from the grammar, the same for the same seed. */
export class RandomFilter {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(depth = 3): string {
    if (depth === 0) return this.#primitive();
    switch (this.#below(6)) {
      case 0:
        return `not ${this.next(depth - 1)}`;
      case 1:
        return `(${this.next(depth - 1)}) ${this.#joint()} ${this.next(depth - 1)}`;
      case 2:
        return `${this.#listed()} ${this.#joint()} ${this.next(depth - 1)}`;
      case 3:
        return `${this.next(depth - 1)} ${this.#joint()} (${this.next(depth - 1)})`;
      default:
        return this.#primitive();
    }
  }

  #primitive(): string {
    switch (this.#below(7)) {
      case 0:
        return this.#pick('ip', 'ip6', 'arp', 'tcp', 'udp', 'icmp', 'icmp6', 'igmp', 'sctp', 'esp', 'rarp', 'stp');
      case 1:
        return this.#port();
      case 2:
        return this.#address();
      case 3:
        return this.#pick(
          'vlan',
          'vlan 100',
          'mpls',
          'pppoes',
          'ether multicast',
          'broadcast',
          'ip multicast',
          'vlan 5',
        );
      case 4:
        return `${this.#pick('', 'ip ', 'ip6 ')}proto ${this.#pick('1', '6', '17', '58', '\\tcp', 'gre')}`;
      case 5:
        return this.#pick('less 100', 'greater 100', 'len > 64', 'ether proto 0x86dd', 'ether proto 0x42', 'outbound');
      default:
        return `${this.#sum(2)} ${this.#pick('=', '!=', '<', '<=', '>', '>=', '==')} ${this.#sum(1)}`;
    }
  }

  #listed(): string {
    const ports = `${this.#port()} or ${this.#pick('53', '443', '1900')} and not ${this.#pick('80', '22')}`;
    return this.#pick(ports, `${this.#address()} or 192.168.0.2 and not 10.0.0.1`, `net (10 or 192.168.0.0/16)`);
  }

  #port(): string {
    const words = `${this.#pick('', 'tcp ', 'udp ')}${this.#pick('', 'src ', 'dst ', 'src and dst ', 'src or dst ')}`;
    const port = this.#pick('80', '53', '443', '67', 'http', '5353', '22');
    return this.#below(3) === 0 ? `${words}portrange 1-${this.#below(2000)}` : `${words}port ${port}`;
  }

  #address(): string {
    const direction = this.#pick('', 'src ', 'dst ', 'src and dst ');
    const what = this.#pick('host 192.168.0.2', 'net 192.168.0.0/16', 'net 10', 'net fe80::/10', 'host 127.0.0.1');
    return `${this.#pick('', '', 'ip6 ', 'ip ', 'arp ')}${direction}${what}`;
  }

  #sum(depth: number): string {
    const end = depth === 0 || this.#below(3) === 0;
    if (end) return this.#pick(this.#bytes(), this.#bytes(), 'len', String(this.#below(300)), 'tcp-syn', '0x1f', '-1');
    const operator = this.#pick('+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>');
    if (operator === '<<' || operator === '>>' || operator === '/' || operator === '%')
      return `(${this.#sum(depth - 1)} ${operator} ${1 + this.#below(16)})`;
    return this.#pick(
      `(${this.#sum(depth - 1)} ${operator} ${this.#sum(depth - 1)})`,
      `${this.#sum(depth - 1)} ${operator} ${this.#sum(depth - 1)}`,
    );
  }

  #bytes(): string {
    const protocol = this.#pick('ip', 'ip6', 'tcp', 'udp', 'icmp', 'ether', 'arp', 'icmp6');
    const size = this.#pick('', ':1', ':2', ':4');
    return `${protocol}[${this.#pick(String(this.#below(24)), String(this.#below(8)), '(ip[0] & 0xf) * 4')}${size}]`;
  }

  #joint(): string {
    return this.#pick('and', 'or', '&&', '||');
  }

  #pick(...choices: readonly string[]): string {
    return choices[this.#below(choices.length)] ?? '';
  }

  #below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * bound);
  }
}
