/** The validation gates of a candidate, in the order of the report; each is named for what it checks. */
export const gateNames = [
  'artifact-contract',
  'data-preconditions',
  'absolute-floor',
  'simple-baseline',
  'champion',
  'slices',
  'fairness',
  'calibration',
  'robustness',
  'overfit-and-leakage',
  'compute-budget',
  'determinism',
  'onnx-parity',
  'serving-skew',
  'contract-compatibility',
  'reference-drift',
  'paper-trail',
  'reproducible-build',
] as const;
export type GateName = (typeof gateNames)[number];

/** Gates that no waiver opens: without them nothing else that the report says can be believed. */
export const neverWaived = ['artifact-contract', 'onnx-parity', 'paper-trail'] as const satisfies readonly GateName[];

/** The gate that trains the model a second time: run at night, not on every pull request. */
export const nightlyGates = ['reproducible-build'] as const satisfies readonly GateName[];
