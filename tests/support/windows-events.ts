const namespace = 'http://schemas.microsoft.com/win/2004/08/events/event';

export interface WindowsRecord {
  readonly provider: string;
  readonly id: number;
  readonly channel: string;
  readonly qualifiers?: number;
  readonly level?: number;
  readonly keywords?: string;
  /** Event data: by names, or without any. */
  readonly data?: Readonly<Record<string, string>> | readonly string[];
  /** What stands in place of the event data. */
  readonly body?: string;
}

/** One event as `wevtutil /f:XML` writes it. */
export function windowsXml(record: WindowsRecord, recordId: number, time: string): string {
  const {provider, id, channel, qualifiers, level = 4, keywords = '0x8000000000000000'} = record;
  const eventId =
    qualifiers === undefined ? `<EventID>${id}</EventID>` : `<EventID Qualifiers='${qualifiers}'>${id}</EventID>`;
  return [
    `<Event xmlns='${namespace}'><System><Provider Name='${escaped(provider)}'/>${eventId}<Version>0</Version>`,
    `<Level>${level}</Level><Task>0</Task><Opcode>0</Opcode><Keywords>${keywords}</Keywords>`,
    `<TimeCreated SystemTime='${time}'/><EventRecordID>${recordId}</EventRecordID><Correlation/>`,
    `<Execution ProcessID='4' ThreadID='8'/><Channel>${escaped(channel)}</Channel><Computer>PC7</Computer><Security/>`,
    `</System>${record.body ?? `<EventData>${dataOf(record.data ?? [])}</EventData>`}</Event>`,
  ].join('');
}

function dataOf(data: NonNullable<WindowsRecord['data']>): string {
  if (Array.isArray(data)) return data.map(value => `<Data>${escaped(value)}</Data>`).join('');
  return Object.entries(data)
    .map(([name, value]) => `<Data Name='${escaped(name)}'>${escaped(value)}</Data>`)
    .join('');
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}

const auditSuccess = '0x8020000000000000';
const auditFailure = '0x8010000000000000';

/** Events of a machine's first minutes, those among them that once went wrong elsewhere. */
export const samples = {
  logon: {
    ...{
      provider: 'Microsoft-Windows-Security-Auditing',
      id: 4624,
      channel: 'Security',
      level: 0,
      keywords: auditSuccess,
    },
    data: {TargetUserName: 'ada', TargetDomainName: 'PC7', LogonType: '10', IpAddress: '192.0.2.9', IpPort: '51515'},
  },
  refused: {
    ...{
      provider: 'Microsoft-Windows-Security-Auditing',
      id: 4625,
      channel: 'Security',
      level: 0,
      keywords: auditFailure,
    },
    data: {
      TargetUserName: 'root',
      Status: '0xc000006d',
      SubStatus: '0xc0000064',
      LogonType: '3',
      IpAddress: '198.51.100.7',
    },
  },
  process: {
    ...{
      provider: 'Microsoft-Windows-Security-Auditing',
      id: 4688,
      channel: 'Security',
      level: 0,
      keywords: auditSuccess,
    },
    data: {
      SubjectUserName: 'ada',
      NewProcessId: '0x1a4',
      NewProcessName: 'C:\\x.exe',
      CommandLine: 'x.exe "a" <b> & c',
    },
  },
  cleared: {
    ...{provider: 'Microsoft-Windows-Eventlog', id: 1102, channel: 'Security'},
    body: `<UserData><LogFileCleared xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'><SubjectUserName>eve</SubjectUserName></LogFileCleared></UserData>`,
  },
  display: {
    ...{provider: 'Microsoft-Windows-Win32k', id: 701, channel: 'System'},
    data: {},
  },
  session: {
    ...{provider: 'Microsoft-Windows-Kernel-Power', id: 566, channel: 'System'},
    data: {PreviousSessionId: '12', NextSessionId: '13', Reason: '7'},
  },
  tpm: {...{provider: 'TPM', id: 17, channel: 'System', level: 2}, data: []},
  restart: {
    ...{provider: 'Microsoft-Windows-Security-SPP', id: 16384, channel: 'Application', qualifiers: 16384},
    data: ['2126-11-01T10:00:00Z', 'RulesEngine'],
  },
  moved: {
    ...{provider: 'Microsoft-Windows-Security-SPP', id: 16394, channel: 'Application', qualifiers: 49152},
    data: [],
  },
  nothing: {...{provider: 'edgeupdate', id: 0, channel: 'Application', qualifiers: 0}, data: ['Service stopped']},
} satisfies Record<string, WindowsRecord>;
