import type { Gate } from './gate.ts';
import { artifactContract } from './gates/artifact-contract.ts';
import { computeBudget } from './gates/compute-budget.ts';
import { contractCompatibility } from './gates/contract-compatibility.ts';
import { determinism } from './gates/determinism.ts';
import { onnxParity } from './gates/onnx-parity.ts';
import { paperTrail } from './gates/paper-trail.ts';
import { reproducibleBuild } from './gates/reproducible-build.ts';
import { servingSkew } from './gates/serving-skew.ts';

/** Every gate, in the order of the report. */
export const allGates: readonly Gate[] = [
  artifactContract,
  computeBudget,
  determinism,
  onnxParity,
  servingSkew,
  contractCompatibility,
  paperTrail,
  reproducibleBuild,
];
