import type {PaneId} from './view-state.ts';

export const paneTitles: Readonly<Record<PaneId, string>> = {
  alerts: 'Alerts',
  logs: 'Logs',
  packets: 'Packets',
  charts: 'Charts',
  sources: 'Sources',
};
