import {portName} from '../../capture/packets/services.ts';

/** A port as the service it stands for, where that is known and has room; protocols without ports have none. */
export function portCell(protocol: string, port: number, other: number, cells: number): string {
  if (port === 0) return '';
  const name = portName(protocol.toUpperCase(), port, other);
  return name !== '' && name.length <= cells ? name : String(port);
}
