import type {Settings} from '../../config/settings.ts';
import type {Detector} from '../detector.ts';
import {FailedLogins} from './failed-logins.ts';
import {HostFiles} from './host-files.ts';
import {HostPorts} from './host-ports.ts';
import {LogCleared} from './log-cleared.ts';
import {SensorAlerts} from './sensor-alerts.ts';
import {SourceBurst} from './source-burst.ts';
import {SourceSilence} from './source-silence.ts';
import {StayingHigh} from './staying-high.ts';

/** The rules that need no learning of content: a fresh set, with no memory yet. */
export function builtinDetectors(settings: Settings): Detector[] {
  const {detect} = settings;
  return [
    new FailedLogins(detect),
    new LogCleared(),
    new SourceBurst(detect),
    new SourceSilence(detect),
    new HostPorts(),
    new HostFiles(),
    new StayingHigh(detect),
    new SensorAlerts(),
  ];
}
