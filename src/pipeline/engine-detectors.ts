import type {Settings} from '../config/settings.ts';
import type {Detector} from '../detect/detector.ts';
import {NetworkWatch} from '../detect/flows/network-watch.ts';
import {builtinDetectors} from '../detect/rules/builtin.ts';
import {isToldAsLogCleared} from '../detect/rules/log-cleared.ts';
import {SigmaDetector} from '../detect/sigma/detector.ts';
import {buildRuleSet, type RuleSet} from '../detect/sigma/rule-set.ts';
import type {Baseline} from '../detect/surprise/baseline/baseline-file.ts';
import {Site} from '../detect/surprise/flows/site.ts';
import {type LearnedDetectors, learnedDetectors} from '../detect/surprise/learned-detectors.ts';
import type {Micros} from '../event/event.ts';

export interface EngineDetectorOptions {
  /** In force from the beginning; where absent they come later. */
  readonly rules?: RuleSet;
  /** How many microseconds an event may come after younger ones. Default: the Sigma detector's own. */
  readonly lateness?: Micros;
  /** What is the same on every machine; without it everything is learned here. */
  readonly baseline?: Baseline | undefined;
  /** Which addresses are this site's. */
  readonly site?: Site;
}

export interface EngineDetectors {
  readonly network: NetworkWatch;
  readonly sigma: SigmaDetector;
  readonly learned: LearnedDetectors;
  /** Those that the settings want: what rules and thresholds find, and what is learned, in the order they are asked. */
  readonly ruled: readonly Detector[];
  readonly learning: readonly Detector[];
}

/** Every detector that the monitor runs over events, fresh. Here alone is said which they are. */
export function engineDetectors(
  settings: Settings,
  {rules, lateness, baseline, site = new Site()}: EngineDetectorOptions = {},
): EngineDetectors {
  const {detect, network: wanted} = settings;
  const network = new NetworkWatch(wanted, {site});
  const sigma = new SigmaDetector(rules ?? buildRuleSet([]), {
    ...(lateness === undefined ? {} : {lateness}),
    ...(detect.rules ? {isToldAlready: isToldAsLogCleared} : {}),
  });
  const learned = learnedDetectors(detect.alerts_per_day, baseline, site);
  return {
    network,
    sigma,
    learned,
    ruled: [
      ...(detect.rules ? builtinDetectors(settings) : []),
      ...(wanted.watch ? [network] : []),
      ...(settings.rules.sigma ? [sigma] : []),
    ],
    learning: detect.learned ? learned.all : [],
  };
}
