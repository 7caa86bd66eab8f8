// The inspector's entry: a child process of the screen's.
import {runChild} from '../child-entry.ts';
import {runInspector} from './inspector.ts';

await runChild(runInspector);
