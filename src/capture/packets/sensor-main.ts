// The sensor's entry: a child process of the engine. Everything it will ever need is imported before it runs, for
// afterwards it is nobody, who may not read a program under root's home.
import {failures} from './messages.ts';
import {runSensor} from './sensor.ts';
import type {CaptureArguments} from './sensor-arguments.ts';

process.on('uncaughtException', error => {
  process.stderr.write(`${error.stack ?? error.message}\n`);
  process.exit(failures.unexpected);
});
// ctrl+C reaches the whole foreground group; the engine decides when the sensor ends.
process.on('SIGINT', () => undefined);

const [, , text] = process.argv;
if (text === undefined) process.exit(failures['bad-arguments']);
await runSensor(JSON.parse(text) as CaptureArguments);
