import {join} from 'node:path';
import {sanitizeLine} from '../../../event/sanitize.ts';
import {readText} from '../read-text.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** The accounts of /etc/passwd under a root folder. At most 1,000. */
export function readAccounts(root: string): readonly Account[] {
  const text = Buffer.from(readText(join(root, 'etc', 'passwd')) ?? '', 'latin1').toString('utf8');
  const accounts: Account[] = [];
  for (const line of text.split('\n')) {
    const [name = '', , uid, , , home = ''] = line.split(':');
    if (name === '' || !/^\d+$/.test(uid ?? '') || accounts.length >= 1_000) continue;
    accounts.push({name: sanitizeLine(name), uid: Number(uid), home});
  }
  return accounts;
}

export function accountName(accounts: readonly Account[], uid: number): string {
  return accounts.find(account => account.uid === uid)?.name ?? String(uid);
}
