import type {Detector} from '../../src/detect/detector.ts';
import {SurpriseDetector} from '../../src/detect/surprise/surprise-detector.ts';

/** Every detector that learns, fresh. The one place to add another. */
export function learnedDetectors(): Detector[] {
  return [new SurpriseDetector({alertsPerDay: 10})];
}
