/** As a number of 48 bits: see `macAt`. */
export function parseMac(text: string): number {
  return Number.parseInt(text.replaceAll(':', ''), 16);
}

/** One that routers hand to each other: VRRP and CARP, HSRP 1 and 2, GLBP. Changing hands is what it is for. */
export function isVirtualMac(mac: number): boolean {
  const [high, middle] = [Math.floor(mac / 2 ** 16), Math.floor(mac / 2 ** 8)];
  if (middle === 0x00005e0001 || middle === 0x00005e0002 || middle === 0x00000c07ac) return true;
  if (middle >= 0x00000c9ff0 && middle <= 0x00000c9fff) return true;
  return high === 0x0007b400;
}
