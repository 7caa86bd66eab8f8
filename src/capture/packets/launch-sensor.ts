import {fileURLToPath} from 'node:url';
import type {SensorArguments} from './sensor-arguments.ts';
import {SensorProcess} from './sensor-process.ts';

const entry = fileURLToPath(new URL('./sensor-main.js', import.meta.url));
const inspector = fileURLToPath(new URL('./inspect/inspector-main.js', import.meta.url));

/** Starts the compiled sensor, or inspector. `file` is an open descriptor that it reads in file mode. */
export function launchSensor(args: SensorArguments, log: (line: string) => void, file?: number): SensorProcess {
  return new SensorProcess(args.mode === 'inspect' ? inspector : entry, args, log, file);
}
