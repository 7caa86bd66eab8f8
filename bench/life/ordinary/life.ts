import type {Personality} from '../facts.ts';
import type {Host} from '../host.ts';
import type {Script} from '../simulation.ts';
import {startAdmin} from './admin.ts';
import {startAgents} from './agents.ts';
import {startClockwork} from './clockwork.ts';
import {startDatabase} from './database.ts';
import {startDesktop} from './desktop.ts';
import {startDeveloper} from './developer.ts';
import {startHousekeeping} from './housekeeping.ts';
import {startInternet} from './internet.ts';
import {startLongTail} from './long-tail.ts';
import {startMail} from './mail.ts';
import {startMishaps} from './mishaps.ts';
import {startPeople} from './people.ts';
import {startTraffic} from './traffic.ts';
import {startWeb} from './web.ts';

const always = [
  startClockwork,
  startHousekeeping,
  startPeople,
  startAdmin,
  startInternet,
  startMishaps,
  startLongTail,
  startTraffic,
  startAgents,
];
const special: Readonly<Record<Personality, (host: Host) => void>> = {
  web: startWeb,
  mail: startMail,
  developer: startDeveloper,
  database: startDatabase,
  desktop: startDesktop,
};

/** Everything ordinary that goes on on this machine, each habit with randomness of its own. */
export function startOrdinaryLife(host: Host): void {
  const habits = [...always, ...host.facts.personalities.map(one => special[one])];
  habits.forEach((start, number) => {
    start(host.actor(100 + number));
  });
  host.start(measure(host.actor(50)));
}

function* measure(host: Host): Script {
  yield 60 - ((host.now / 1e6) % 60);
  for (;;) {
    for (const metric of host.meter.read(host.now))
      host.sim.emit({kind: 'metric', at: host.now, phase: host.phase, metric});
    yield 60 - ((host.now / 1e6) % 60) || 60;
  }
}
