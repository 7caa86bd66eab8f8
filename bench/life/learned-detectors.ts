import type {Detector} from '../../src/detect/detector.ts';
import {learnedDetectors as every} from '../../src/detect/surprise/learned-detectors.ts';

/** Every detector that learns, fresh. The one place to add another. */
export function learnedDetectors(): readonly Detector[] {
  return every(10).all;
}
