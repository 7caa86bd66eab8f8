import type {AlertLevel} from '../../event/level.ts';

/** How serious a kind of Zeek's notices is, and the ATT&CK techniques that it is a sign of. */
export interface NoticeKind {
  readonly level: AlertLevel;
  readonly techniques: readonly string[];
}

/** By the name that `note` has. What is not known is medium: somebody wrote a script to be told of it. */
export function noticeKind(note: string): NoticeKind {
  return kinds[note] ?? kinds[`${note.split('::', 1)[0]}::`] ?? {level: 'medium', techniques: []};
}

const kind = (level: AlertLevel, ...techniques: readonly string[]): NoticeKind => ({level, techniques});

/** A name that ends in `::` stands for all of a script's notices. */
const kinds: Readonly<Record<string, NoticeKind>> = {
  'Scan::Port_Scan': kind('medium', 'T1046'),
  'Scan::Address_Scan': kind('medium', 'T1046'),
  'Scan::Random_Scan': kind('medium', 'T1046'),
  'SSH::Password_Guessing': kind('high', 'T1110.001'),
  'SSH::Login_By_Password_Guesser': kind('critical', 'T1110.001'),
  'FTP::Bruteforcing': kind('high', 'T1110.001'),
  'HTTP::SQL_Injection_Attacker': kind('high', 'T1190'),
  'HTTP::SQL_Injection_Victim': kind('high', 'T1190'),
  'Heartbleed::': kind('high', 'T1190'),
  'Intel::Notice': kind('high'),
  'TeamCymruMalwareHashRegistry::Match': kind('high'),
  'Signatures::': kind('medium'),
  'Traceroute::Detected': kind('low', 'T1018'),
  'Software::Vulnerable_Version': kind('medium'),
  'SSL::Invalid_Server_Cert': kind('low'),
  'SSL::Certificate_Expired': kind('low'),
  'SSL::Certificate_Expires_Soon': kind('informational'),
  'SSL::Certificate_Not_Valid_Yet': kind('low'),
  'SSL::Weak_Key': kind('low'),
  'SSL::Old_Version': kind('low'),
  'SSL::Weak_Cipher': kind('low'),
  'CaptureLoss::': kind('low'),
  'PacketFilter::': kind('low'),
  'Weird::Activity': kind('low'),
  'Stats::': kind('informational'),
};
