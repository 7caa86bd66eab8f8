/** What `fs.statfs` says of a file system, as far as needed here. */
export interface FileSystemSize {
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
}

export interface MountUsage {
  readonly mount: string;
  /** Percent, as `df` says it. */
  readonly used: number;
}

/**
 * The mount points worth watching of /proc/self/mounts: file systems on a disk, and the root; each disk once, at its
 * shortest path. Network file systems are left out, for one whose server is gone never answers.
 */
export function watchedMounts(mounts: string): readonly string[] {
  const byDevice = new Map<string, string>();
  for (const line of mounts.split('\n')) {
    const [device = '', rawPath = '', type = ''] = line.split(' ');
    const path = unescaped(rawPath);
    if (!isOnDisk(device, path, type) || boundFiles.has(path)) continue;
    const known = byDevice.get(device);
    if (known === undefined || path.length < known.length) byDevice.set(device, path);
  }
  return [...new Set(byDevice.values())].slice(0, mostMounts);
}

export function usageOf(mount: string, size: FileSystemSize): MountUsage | undefined {
  const used = size.blocks - size.bfree;
  const usable = used + size.bavail;
  return usable > 0 ? {mount, used: (used / usable) * 100} : undefined;
}

function isOnDisk(device: string, path: string, type: string): boolean {
  if (path === '/') return type !== 'rootfs';
  if (readOnlyImages.has(type)) return false;
  return device.startsWith('/dev/') || type === 'zfs';
}

const readOnlyImages: ReadonlySet<string> = new Set(['squashfs', 'iso9660', 'erofs', 'udf', 'cramfs']);
// Container engines mount these single files from the host's disk.
const boundFiles: ReadonlySet<string> = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);
const mostMounts = 64;

function unescaped(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
