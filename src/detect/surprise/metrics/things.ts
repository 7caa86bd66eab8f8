/** What a metric measures: cores and load, memory in percent and in bytes, all interfaces, disks' reading and writing move together. */
export function thingOf(name: string): string {
  const [first = name, ...rest] = name.split('.');
  switch (first) {
    case 'cpu':
    case 'load':
      return 'processor';
    case 'memory':
    case 'swap':
      return 'memory';
    case 'network':
      return first;
    case 'disk':
      return rest.at(-1) === 'used' ? name : first;
    default:
      return name;
  }
}
