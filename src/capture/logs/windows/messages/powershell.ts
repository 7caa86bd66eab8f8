import {messageTable} from './message-template.ts';

export const powershellMessages = [
  messageTable(['PowerShell'], {
    400: 'PowerShell engine started. {param3}',
    403: 'PowerShell engine stopped. {param3}',
    500: 'PowerShell command started. {param3}',
    501: 'PowerShell command ended. {param3}',
    600: 'PowerShell provider {param1} is {param2}. {param3}',
    800: 'PowerShell pipeline ran: {param1} {param3}',
  }),
  messageTable(['Microsoft-Windows-PowerShell', 'PowerShellCore'], {
    4100: 'PowerShell error: {Payload} {ContextInfo}',
    4103: 'PowerShell ran a command: {Payload} {ContextInfo}',
    4104: 'PowerShell script block {ScriptBlockId} ({MessageNumber} of {MessageTotal}) {Path}: {ScriptBlockText}',
    4105: 'PowerShell script block {ScriptBlockId} started in runspace {RunspaceId}.',
    4106: 'PowerShell script block {ScriptBlockId} ended in runspace {RunspaceId}.',
    40961: 'PowerShell console is starting.',
    40962: 'PowerShell console is ready.',
    53504: 'PowerShell process {param1} listens for remote commands in {param2}.',
  }),
];
