import type { Gate } from './gate.ts';
import { absoluteFloor } from './gates/absolute-floor.ts';
import { artifactContract } from './gates/artifact-contract.ts';
import { calibration } from './gates/calibration.ts';
import { champion } from './gates/champion.ts';
import { computeBudget } from './gates/compute-budget.ts';
import { contractCompatibility } from './gates/contract-compatibility.ts';
import { dataPreconditions } from './gates/data-preconditions.ts';
import { determinism } from './gates/determinism.ts';
import { fairness } from './gates/fairness.ts';
import { onnxParity } from './gates/onnx-parity.ts';
import { overfitAndLeakage } from './gates/overfit-and-leakage.ts';
import { paperTrail } from './gates/paper-trail.ts';
import { referenceDrift } from './gates/reference-drift.ts';
import { reproducibleBuild } from './gates/reproducible-build.ts';
import { robustness } from './gates/robustness.ts';
import { servingSkew } from './gates/serving-skew.ts';
import { simpleBaseline } from './gates/simple-baseline.ts';
import { slices } from './gates/slices.ts';

/** Every gate, in the order of the report. */
export const allGates: readonly Gate[] = [
  artifactContract,
  dataPreconditions,
  absoluteFloor,
  simpleBaseline,
  champion,
  slices,
  fairness,
  calibration,
  robustness,
  overfitAndLeakage,
  computeBudget,
  determinism,
  onnxParity,
  servingSkew,
  contractCompatibility,
  referenceDrift,
  paperTrail,
  reproducibleBuild,
];
