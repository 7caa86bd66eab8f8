// The inspector's entry: a child process of the screen's. As with the sensor, all is imported before it becomes nobody.
import {failures} from '../messages.ts';
import type {InspectArguments} from '../sensor-arguments.ts';
import {runInspector} from './inspector.ts';

process.on('uncaughtException', error => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(failures.unexpected);
});
// ctrl+C reaches the whole foreground group; the screen decides when the inspector ends.
process.on('SIGINT', () => undefined);

const [, , text] = process.argv;
if (text === undefined) process.exit(failures['bad-arguments']);
await runInspector(JSON.parse(text) as InspectArguments);
