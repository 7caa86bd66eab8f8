import {spawnSync} from 'node:child_process';

/** Two network namespaces joined by a virtual cable: `siemA` in the first, `siemB` in the second. Only root can make it. */
export interface VethPair {
  readonly sender: string;
  readonly receiver: string;
  /** Runs `ip WORDS` in the namespace. */
  ip(namespace: string, ...words: readonly string[]): void;
  /** Makes both ends anew where they are gone, as both are once either is deleted. */
  plug(): void;
  remove(): void;
}

export const ends = {sender: 'siemA', receiver: 'siemB'} as const;

/** Without IPv6, so that nothing but what a test sends crosses. */
export function vethPair(name: string): VethPair {
  const [sender, receiver] = [`${name}a`, `${name}b`];
  for (const namespace of [sender, receiver]) {
    run(['netns', 'add', namespace]);
    run(['netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
    run(['netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1']);
    run(['-n', namespace, 'link', 'set', 'lo', 'up']);
  }
  const pair: VethPair = {
    sender,
    receiver,
    ip: (namespace, ...words) => run(['-n', namespace, ...words]),
    plug: () => {
      if (has(receiver)) return;
      run(['-n', sender, 'link', 'add', ends.sender, 'type', 'veth', 'peer', 'name', ends.receiver, 'netns', receiver]);
      run(['-n', sender, 'link', 'set', ends.sender, 'up']);
      run(['-n', receiver, 'link', 'set', ends.receiver, 'up']);
    },
    remove: () => {
      for (const namespace of [sender, receiver]) spawnSync('ip', ['netns', 'del', namespace]);
    },
  };
  pair.plug();
  return pair;
}

function has(receiver: string): boolean {
  return spawnSync('ip', ['-n', receiver, 'link', 'show', ends.receiver]).status === 0;
}

function run(words: readonly string[]): void {
  const done = spawnSync('ip', words, {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(`ip ${words.join(' ')}: ${done.stderr}`);
}
