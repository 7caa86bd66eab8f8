import {Site} from '../detect/surprise/flows/site.ts';

const lookEvery = 60_000;

/** Which addresses are this machine's, looked at again each minute: leases end, IPv6 addresses change each day. */
export class OwnSite {
  readonly site = new Site();
  readonly #timer: NodeJS.Timeout | undefined;

  /** Without `addresses` nothing is this machine's: what a file or the demonstration tells of is another's. */
  constructor(addresses: (() => {readonly ip: readonly string[]}) | undefined) {
    if (!addresses) return;
    const look = () => this.site.setOwn(addresses().ip);
    look();
    this.#timer = setInterval(look, lookEvery);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
