import {errorCode, errorText} from '../event/error-code.ts';
import type {EvidenceFiles} from '../pipeline/evidence-files.ts';

/** What came of writing an alert's packets to a file. */
export type Exported = {readonly path: string} | {readonly problem: string};

/** Writes an alert's packets to `to`, or to a file named after the alert in the working folder. Never overwrites one. */
export function exportPackets(files: EvidenceFiles, alert: string, to?: string): Exported {
  if (!files.has(alert))
    return {problem: `no packets are kept for alert ${alert.slice(0, 8)}: only network alerts have some`};
  try {
    return {path: files.export(alert, to ?? `siem-alert-${alert.slice(0, 12)}.pcapng`)};
  } catch (error) {
    const file = to ?? `siem-alert-${alert.slice(0, 12)}.pcapng`;
    if (errorCode(error) === 'EEXIST') return {problem: `${file} is there already`};
    return {problem: `could not write ${file}: ${errorText(error)}`};
  }
}
