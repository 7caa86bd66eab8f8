import {messageTable} from './message-template.ts';

/** Events of the System and Application logs. The same id means something else with each provider. */
export const systemMessages = [
  messageTable(['Service Control Manager'], {
    7000: 'Service {param1} could not start: {param2}',
    7001: 'Service {param1} could not start, for it needs {param2}: {param3}',
    7009: 'Service {param2} did not answer within {param1} ms.',
    7011: 'Service {param2} did not answer a request within {param1} ms.',
    7022: 'Service {param1} hung while starting.',
    7023: 'Service {param1} stopped with an error: {param2}',
    7024: 'Service {param1} stopped with an error of its own: {param2}',
    7026: 'Drivers were not loaded at start: {param1}',
    7030: 'Service {param1} is marked as interactive, which is not allowed.',
    7031: 'Service {param1} ended unexpectedly, {param2} times so far; in {param3} ms: {param5}.',
    7034: 'Service {param1} ended unexpectedly, {param2} times so far.',
    7035: 'Service {param1} was sent a {param2} control.',
    7036: 'Service {param1} is now {param2}.',
    7040: 'Start of service {param1} was changed from {param2} to {param3}.',
    7042: 'Service {param1} was sent a {param2} control, reason {param4}.',
    7045: 'Service installed: {ServiceName}, {ImagePath}, {ServiceType}, start {StartType}, account {AccountName}.',
  }),
  messageTable(['EventLog'], {
    6005: 'Event log service started.',
    6006: 'Event log service stopped.',
    6008: 'The system was shut down unexpectedly at {param1} on {param2}.',
    6009: 'Windows {param1} {param2} {param3} {param4} started.',
    6011: 'The name of the computer was changed from {param1} to {param2}.',
    6013: 'The system has been up for {param5} seconds.',
  }),
  messageTable(['User32', 'USER32'], {
    1074: '{param1} started a {param5} of {param2} for {param7}, reason: {param3} ({param4}). {param6}',
    1076: 'Reason given by {param6} for the last unexpected shutdown: {param1} ({param2}). {param5}',
  }),
  messageTable(['Microsoft-Windows-Kernel-General'], {
    1: 'The system time was changed from {OldTime} to {NewTime}.',
    12: 'Windows {MajorVersion}.{MinorVersion}.{BuildVersion} started at {StartTime}.',
    13: 'Windows is shutting down at {StopTime}.',
    16: 'The history of access to {HiveName} was cleared: {KeysUpdated} keys, {DirtyPages} pages.',
  }),
  messageTable(['Microsoft-Windows-Kernel-Power'], {
    41: 'The system started again without having been shut down: stop code {BugcheckCode}, power button {PowerButtonTimestamp}.',
    42: 'The system is going to sleep, reason {Reason}.',
    105: 'Power source changed, on mains: {AcOnline}.',
    107: 'The system woke up.',
    109: 'The kernel began a shutdown, action {ShutdownActionType}, event {ShutdownEventCode}, reason {ShutdownReason}.',
    172: 'Connectivity in standby: {State}, reason {Reason}.',
    187: 'User process {ProcessName} tried to change the power state.',
    506: 'The system is entering modern standby, reason {Reason}.',
    507: 'The system is leaving modern standby, reason {Reason}.',
    566: 'The system session changed from {PreviousSessionId} to {NextSessionId}, reason {Reason}.',
  }),
  messageTable(['Microsoft-Windows-Power-Troubleshooter'], {
    1: 'The system slept from {SleepTime} to {WakeTime}, woken by {WakeSourceText}.',
  }),
  messageTable(['Microsoft-Windows-WindowsUpdateClient'], {
    19: 'Update installed: {updateTitle}.',
    20: 'Update failed with {errorCode}: {updateTitle}.',
    43: 'Installation of an update started: {updateTitle}.',
    44: 'Download of an update started: {updateTitle}.',
  }),
  messageTable(['Microsoft-Windows-Time-Service'], {
    35: 'The time is now taken from {TimeSource}.',
    36: 'The time has not been synchronised for {UnsynchronizedTimeSeconds} seconds.',
    37: 'Valid time is received from {TimeSource}.',
    129: 'No time source could be set: {ErrorMessage}',
    134: 'The name of time source {DomainPeer} could not be resolved: {ErrorMessage}',
    158: 'Time provider {TimeProvider} says that hardware and operating environment are not supported.',
  }),
  messageTable(['Microsoft-Windows-Kernel-Processor-Power'], {
    37: 'Processor {Number} in group {Group} is limited by firmware, for {CapDurationInSeconds} seconds so far.',
    55: 'Processor {Number} in group {Group}: {PerformanceImplementation} power states, {NominalFrequency} MHz.',
  }),
  messageTable(['Microsoft-Windows-UserModePowerService'], {
    12: 'Process {ProcessPath} ({ProcessPid}) set the power scheme from {OldSchemeGuid} to {NewSchemeGuid}.',
  }),
  messageTable(['disk', 'Disk'], {
    7: 'Bad block on {param1}.',
    11: 'Controller error on {param1}.',
    51: 'Error on {param1} while paging.',
    153: 'An operation at block {param2} of {param1} was tried again.',
    157: 'Disk {param1} was removed without warning.',
  }),
  messageTable(['Microsoft-Windows-DistributedCOM', 'DCOM'], {
    10000: 'COM server {param1} could not be started: {param2}',
    10005: 'Error {param1} when starting service {param2} for COM server {param4}.',
    10010: 'COM server {param1} did not register in time.',
    10016:
      '{param6}\\{param7} ({param8}) from {param9} has no {param3} {param2} permission for COM server {param4}, application {param5}.',
  }),
  messageTable(['Microsoft-Windows-Kernel-PnP'], {
    219: 'Driver {DriverName} was not loaded for device {FailureName}, status {Status}.',
    225: 'Process {ProcessName} ({ProcessId}) kept device {DeviceInstance} from being removed.',
  }),
  messageTable(['Microsoft-Windows-Wininit'], {
    12: 'Credential protection settings changed: {param1}',
    14: 'Credential Guard is configured as {param1}.',
  }),
  messageTable(['Win32k', 'Microsoft-Windows-Win32k', 'Microsoft-Windows-Kernel-Win32k'], {
    700: 'Power management asked that all input be ignored.',
    701: 'Power management does not ask any more that input be ignored.',
  }),
  messageTable(['TPM', 'Microsoft-Windows-TPM'], {
    17: 'The security chip (TPM) failed to carry out a command.',
    18: 'The security chip (TPM) was started for the operating system.',
  }),
  messageTable(['Microsoft-Windows-Security-SPP', 'Software Protection Platform Service'], {
    900: 'The licensing service is starting: {param1}',
    902: 'The licensing service has started: {param1}',
    903: 'The licensing service has stopped.',
    1003: 'The licensing service checked licences of application {param1}: {param2}',
    8198: 'Licence activation failed with {param1}: {param2}',
    16384: 'The licensing service will start again at {param1}, reason: {param2}.',
    16394: 'Licences of an earlier Windows were carried over without a connection.',
  }),
  messageTable(['Application Error'], {
    1000: '{param1} {param2} crashed in {param4} {param5}: exception {param7} at {param8}, process {param9}.',
  }),
  messageTable(['Application Hang'], {1002: '{param1} {param2} does not answer and was closed, process {param3}.'}),
  messageTable(['Windows Error Reporting'], {1001: 'Error report {param1}, {param3}: {param6} {param7} {param8}.'}),
  messageTable(['MsiInstaller'], {
    1033: 'Installed: {param1} {param2}, language {param3}, status {param4}, maker {param5}.',
    1034: 'Removed: {param1} {param2}, language {param3}, status {param4}, maker {param5}.',
    11707: '{param1}',
    11724: '{param1}',
  }),
];
