import type { Gate } from './gate.ts';
import { absoluteFloor } from './gates/absolute-floor.ts';
import { calibration } from './gates/calibration.ts';
import { champion } from './gates/champion.ts';
import { dataPreconditions } from './gates/data-preconditions.ts';
import { fairness } from './gates/fairness.ts';
import { overfitAndLeakage } from './gates/overfit-and-leakage.ts';
import { referenceDrift } from './gates/reference-drift.ts';
import { robustness } from './gates/robustness.ts';
import { simpleBaseline } from './gates/simple-baseline.ts';
import { slices } from './gates/slices.ts';

/** Every gate, in the order of the report. */
export const allGates: readonly Gate[] = [
  dataPreconditions,
  absoluteFloor,
  simpleBaseline,
  champion,
  slices,
  fairness,
  calibration,
  robustness,
  overfitAndLeakage,
  referenceDrift,
];
