import {messageTable} from './message-template.ts';

const by = 'by {SubjectDomainName}\\{SubjectUserName}';
const account = '{TargetDomainName}\\{TargetUserName}';
const process = '{ProcessName} ({ProcessId})';
const filtered = '{Application} ({ProcessId})';
const ends = '{SourceAddress}:{SourcePort} and {DestAddress}:{DestPort}, protocol {Protocol}, direction {Direction}';
const member = `{MemberName} ({MemberSid})`;

/** Groups come in three scopes, each with and without security, with ids in the same order. */
function groupMessages(first: number, scope: string): Record<number, string> {
  const group = `${scope} group ${account}`;
  return {
    [first]: `Created: ${group}, ${by}.`,
    [first + 1]: `Member added to ${group}: ${member}, ${by}.`,
    [first + 2]: `Member removed from ${group}: ${member}, ${by}.`,
    [first + 3]: `Deleted: ${group}, ${by}.`,
  };
}

const logons = {
  4608: 'Windows is starting up.',
  4616: `The system time was changed from {PreviousTime} to {NewTime} ${by}, process ${process}.`,
  4624: `Logon: ${account} ({LogonType}) from {IpAddress}:{IpPort} {WorkstationName}, process {ProcessName}.`,
  4625: `Logon failed: ${account} ({LogonType}) from {IpAddress}:{IpPort} {WorkstationName}, reason {Status}, {SubStatus}.`,
  4634: `Logoff: ${account} ({LogonType}).`,
  4647: `Logoff asked for by the user: ${account}.`,
  4648: `Logon with given credentials: ${account} to {TargetServerName} ${by}, process ${process}, from {IpAddress}.`,
  4672: 'Special privileges for a new logon: {SubjectDomainName}\\{SubjectUserName}, {PrivilegeList}',
  4673: `Privileged service called ${by}: {Service} with {PrivilegeList}, process ${process}.`,
  4674: `Privileged operation on {ObjectName} ${by} with {PrivilegeList}, process ${process}.`,
  4768: `Kerberos ticket (TGT) asked for by ${account} from {IpAddress}, result {Status}, encryption {TicketEncryptionType}.`,
  4769: `Kerberos service ticket for {ServiceName} asked for by ${account} from {IpAddress}, result {Status}, encryption {TicketEncryptionType}.`,
  4770: `Kerberos service ticket for {ServiceName} renewed by ${account} from {IpAddress}.`,
  4771: 'Kerberos pre-authentication failed: {TargetUserName} from {IpAddress}, reason {Status}.',
  4776: 'Credentials of {TargetUserName} from {Workstation} checked by {PackageName}, result {Status}.',
  4778: 'Session reconnected: {AccountDomain}\\{AccountName}, session {SessionName}, from {ClientName} {ClientAddress}.',
  4779: 'Session disconnected: {AccountDomain}\\{AccountName}, session {SessionName}, from {ClientName} {ClientAddress}.',
  4800: `Workstation locked: ${account}.`,
  4801: `Workstation unlocked: ${account}.`,
  4964: `Special groups assigned to a new logon: ${account}, {SidList}.`,
};

const objects = {
  4656: `Handle asked for ${by}: {ObjectType} {ObjectName}, access {AccessList}, process ${process}.`,
  4657: `Registry value changed ${by}: {ObjectName}\\{ObjectValueName} from {OldValue} to {NewValue}, process ${process}.`,
  4658: `Handle closed ${by}: {HandleId}, process ${process}.`,
  4660: `Object deleted ${by}: handle {HandleId}, process ${process}.`,
  4661: `Handle to directory object asked for ${by}: {ObjectType} {ObjectName}, access {AccessList}, process ${process}.`,
  4662: `Operation on directory object ${by}: {ObjectType} {ObjectName}, access {AccessMask}, properties {Properties}`,
  4663: `Object accessed ${by}: {ObjectType} {ObjectName}, access {AccessList}, process ${process}.`,
  4670: `Permissions of {ObjectType} {ObjectName} changed ${by} from {OldSd} to {NewSd}, process ${process}.`,
  4690: `Handle duplicated ${by}: {SourceHandleId}, process {SourceProcessId}, to process {TargetProcessId}.`,
  4907: `Audit settings of {ObjectType} {ObjectName} changed ${by} from {OldSd} to {NewSd}.`,
  5136: `Directory object changed ${by}: {ObjectDN}, {AttributeLDAPDisplayName} = {AttributeValue}, operation {OperationType}.`,
  5137: `Directory object created ${by}: {ObjectDN} ({ObjectClass}).`,
  5139: `Directory object moved ${by}: {OldObjectDN} to {NewObjectDN}.`,
  5140: `Share accessed ${by}: {ShareName} ({ShareLocalPath}) from {IpAddress}:{IpPort}.`,
  5141: `Directory object deleted ${by}: {ObjectDN} ({ObjectClass}).`,
  5142: `Share added ${by}: {ShareName} ({ShareLocalPath}).`,
  5143: `Share changed ${by}: {ShareName} ({ShareLocalPath}).`,
  5144: `Share removed ${by}: {ShareName} ({ShareLocalPath}).`,
  5145: `Share access checked ${by}: {ShareName} {RelativeTargetName} from {IpAddress}:{IpPort}, access {AccessList}.`,
};

const processes = {
  4688: `Process created: {NewProcessName} ({NewProcessId}) ${by}, started by {ParentProcessName} ({ProcessId}): {CommandLine}`,
  4689: `Process ended: ${process} ${by}, status {Status}.`,
  4696: `Primary token assigned ${by}: process {TargetProcessName} ({TargetProcessId}).`,
  4697: `Service installed ${by}: {ServiceName}, {ServiceFileName}, account {ServiceAccount}, start {ServiceStartType}.`,
  4698: `Scheduled task created ${by}: {TaskName}`,
  4699: `Scheduled task deleted ${by}: {TaskName}`,
  4700: `Scheduled task switched on ${by}: {TaskName}`,
  4701: `Scheduled task switched off ${by}: {TaskName}`,
  4702: `Scheduled task changed ${by}: {TaskName}`,
};

const accounts = {
  4703: `Privileges of a token changed ${by}: on {EnabledPrivilegeList}, off {DisabledPrivilegeList}, process ${process}.`,
  4704: `User right assigned ${by}: {PrivilegeList} to {TargetSid}.`,
  4705: `User right removed ${by}: {PrivilegeList} from {TargetSid}.`,
  4713: `Kerberos policy changed ${by}: {KerberosPolicyChange}`,
  4717: `System access granted ${by}: {AccessGranted} to {TargetSid}.`,
  4719: `Audit policy changed ${by}: category {CategoryId}, subcategory {SubcategoryId} {SubcategoryGuid}, {AuditPolicyChanges}.`,
  4720: `User account created ${by}: ${account}.`,
  4722: `User account switched on ${by}: ${account}.`,
  4723: `Change of a password tried ${by}: ${account}.`,
  4724: `Reset of a password tried ${by}: ${account}.`,
  4725: `User account switched off ${by}: ${account}.`,
  4726: `User account deleted ${by}: ${account}.`,
  4735: `Changed: local group ${account}, ${by}.`,
  4737: `Changed: global group ${account}, ${by}.`,
  4738: `User account changed ${by}: ${account}.`,
  4739: `Domain policy {DomainPolicyChanged} of {DomainName} changed ${by}.`,
  4740: `User account locked out: {TargetUserName}, from {TargetDomainName}, ${by}.`,
  4741: `Computer account created ${by}: ${account}.`,
  4742: `Computer account changed ${by}: ${account}.`,
  4743: `Computer account deleted ${by}: ${account}.`,
  4754: `Created: universal group ${account}, ${by}.`,
  4755: `Changed: universal group ${account}, ${by}.`,
  4756: `Member added to universal group ${account}: ${member}, ${by}.`,
  4757: `Member removed from universal group ${account}: ${member}, ${by}.`,
  4758: `Deleted: universal group ${account}, ${by}.`,
  4765: `Former identity added ${by}: {SourceUserName} to ${account}.`,
  4766: `Former identity could not be added ${by}: {SourceUserName} to ${account}.`,
  4767: `User account unlocked ${by}: ${account}.`,
  4780: `Permissions set as for administrators ${by}: ${account}.`,
  4781: `Account renamed ${by} from {OldTargetUserName} to {NewTargetUserName} in {TargetDomainName}.`,
  4794: `Password of directory restore mode: setting it tried ${by} from {Workstation}, result {Status}.`,
  4798: `Local groups of ${account} listed ${by}, process {CallerProcessName} ({CallerProcessId}).`,
  4799: `Members of local group ${account} listed ${by}, process {CallerProcessName} ({CallerProcessId}).`,
};

const filters = {
  4946: 'Firewall rule added: {RuleName} ({RuleId}), profile {ProfileChanged}.',
  4947: 'Firewall rule changed: {RuleName} ({RuleId}), profile {ProfileChanged}.',
  4948: 'Firewall rule deleted: {RuleName} ({RuleId}), profile {ProfileChanged}.',
  4949: 'Firewall settings were set back to their defaults.',
  4950: 'Firewall setting changed: {SettingType} = {SettingValue}, profile {ProfileChanged}.',
  4956: 'The active profile of the firewall is now {ActiveProfile}.',
  5024: 'Firewall service started.',
  5025: 'Firewall service stopped.',
  5152: `Packet blocked: ${filtered}, between ${ends}.`,
  5154: `Listening allowed: ${filtered}, {SourceAddress}:{SourcePort}, protocol {Protocol}.`,
  5156: `Connection allowed: ${filtered}, between ${ends}.`,
  5157: `Connection blocked: ${filtered}, between ${ends}.`,
  5158: `Local port taken: ${filtered}, {SourceAddress}:{SourcePort}, protocol {Protocol}.`,
  5159: `Local port refused: ${filtered}, {SourceAddress}:{SourcePort}, protocol {Protocol}.`,
};

export const securityMessages = [
  messageTable(['Microsoft-Windows-Security-Auditing'], {
    ...logons,
    ...objects,
    ...processes,
    ...accounts,
    ...groupMessages(4727, 'global'),
    ...groupMessages(4731, 'local'),
    ...filters,
  }),
  messageTable(['Microsoft-Windows-Eventlog'], {
    104: 'The log {Channel} was cleared by {SubjectDomainName}\\{SubjectUserName}.',
    1100: 'Event log service stopped.',
    1101: 'Audit events were lost: {Reason}.',
    1102: 'The security log was cleared by {SubjectDomainName}\\{SubjectUserName}.',
    1104: 'The security log is full.',
    1105: 'The log {Channel} was saved to {BackupPath}.',
  }),
];
