import {type Check, fails, note, ok} from './check.ts';

export interface Runtime {
  /** As `process.versions.node`. */
  readonly node: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

const oldest = [20, 19] as const;

/** Whether this Node and this system are ones the program is made for. */
export function runtimeChecks({node, platform, arch}: Runtime): readonly Check[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
  return [
    isOld
      ? fails('node', `expected Node ${oldest.join('.')} or later, found ${node}`, 'install a newer Node: nodejs.org')
      : ok('node', node),
    platform === 'linux'
      ? ok('platform', `${platform} ${arch}`)
      : note('platform', `${platform} ${arch}: the store, text logs and metrics work; packets need Linux`),
  ];
}
