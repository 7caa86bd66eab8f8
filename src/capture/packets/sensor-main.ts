// The sensor's entry: a child process of the engine.
import {runChild} from './child-entry.ts';
import {runSensor} from './sensor.ts';

await runChild(runSensor);
