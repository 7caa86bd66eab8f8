import {type Entity, entity, steadyName} from './entity.ts';

// Crons differ in whether they tell of begin or end (`CMD`, `CMDEND`); what a job printed (`CMDOUT`) names nothing.
const command = /^\((\S{1,64})\) CMD(?!OUT)[A-Z]{0,8} \(([\s\S]{1,2000})\)$/;
const part = /^\((\S{1,200})\) starting (\S{1,200})$/;
const periodic = /^Job `([^']{1,200})' started$/;

/** The job that an entry of cron, anacron or run-parts says is run. */
export function scheduledJob(message: string): Entity | undefined {
  if (message.startsWith('Job `')) return entity('job', periodic.exec(message)?.[1]);
  const run = command.exec(message);
  if (run) return entity('job', steadyName(`${run[2]} (of ${run[1]})`));
  const started = part.exec(message);
  return started ? entity('job', steadyName(`${started[1]}/${started[2]}`)) : undefined;
}
