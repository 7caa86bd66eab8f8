import {readMysql, readPostgres} from './databases.ts';
import type {Entry} from './entry.ts';
import {readPam} from './pam.ts';
import {readSshd} from './sshd.ts';
import {readSu, readSudo} from './sudo.ts';

/**
 * Adds who, from where and how it ended to entries of sshd, sudo, su, PAM and databases. `event.category` = `authentication`
 * stands on exactly one entry an attempt, the program's own, so that counting those counts attempts; what PAM says
 * beside it about the same attempt carries action and outcome only. `event.count` is there where one entry reports more
 * than one attempt.
 */
export function enrichAuthentication(entry: Entry): void {
  switch (entry.provider) {
    case 'sshd':
    case 'sshd-session':
    case 'sshd-auth':
      return void (readSshd(entry) || readPam(entry));
    case 'sudo':
      return void (readPam(entry) || readSudo(entry));
    case 'su':
      return void (readPam(entry) || readSu(entry));
    case 'postgres':
    case 'postgresql':
      return void readPostgres(entry);
    case 'mysql':
    case 'mysqld':
    case 'mariadb':
    case 'mariadbd':
      return void readMysql(entry);
    default:
      if (entry.message.startsWith('pam_')) readPam(entry);
  }
}
