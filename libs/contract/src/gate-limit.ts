import type { GateName } from './gate-name.ts';

/** A number that a gate decides by: where the good side ends. */
export interface GateLimit {
  gate: GateName;
  /** What holds unless the definition says otherwise, with a reason. */
  at: number;
  /** Which side of the limit is good. */
  good: 'at most' | 'at least';
  /** Unit of the number; empty for a share or a ratio. */
  unit: string;
  about: string;
}

const limit = (gate: GateName, good: GateLimit['good'], at: number, unit: string, about: string): GateLimit => ({
  gate,
  at,
  good,
  unit,
  about,
});

/** Every limit by its name in a definition's `gates.limits`. */
export const gateLimits = {
  modelMiB: limit('artifact-contract', 'at most', 50, 'MiB', 'size of model.onnx'),
  modelGrowth: limit('artifact-contract', 'at most', 1.5, '', "size of model.onnx over the champion's"),
  testRows: limit('data-preconditions', 'at least', 1000, 'rows', 'test rows'),
  testDays: limit('data-preconditions', 'at least', 14, 'days', 'days of the test rows, which are what is resampled'),
  testPositives: limit('data-preconditions', 'at least', 100, 'rows', 'test rows of the rarer class'),
  simpleSkillGain: limit('simple-baseline', 'at least', 0.1, '', "skill over the best simple model's, less 1"),
  sliceDrop: limit('slices', 'at most', 0.2, '', "how much worse a slice's loss is than overall, relative"),
  sliceLoss: limit('slices', 'at most', 0.05, '', "how much worse a slice's loss is than the champion's, relative"),
  parityRatio: limit('fairness', 'at least', 0.8, '', 'rate of positive decisions, least over most favoured group'),
  groupGap: limit('fairness', 'at most', 0.1, '', 'difference of true and false positive rates between groups'),
  calibrationError: limit(
    'calibration',
    'at most',
    0.05,
    '',
    'expected calibration error, 15 bins of equal size; of a regression the bias',
  ),
  calibrationSlope: limit(
    'calibration',
    'at least',
    0.8,
    '',
    'slope of the labels on the log-odds; its inverse likewise',
  ),
  noiseFlips: limit('robustness', 'at most', 0.05, '', 'share of decisions that a little noise turns'),
  skillGap: limit('overfit-and-leakage', 'at most', 0.1, '', 'skill out of fold over skill on test rows, less 1'),
  memorisedSkill: limit('overfit-and-leakage', 'at most', 3, '', 'skill on training rows over skill on test rows'),
  singleFeatureAuc: limit('overfit-and-leakage', 'at most', 0.95, '', 'AUC of one feature alone'),
  duplicateShare: limit('overfit-and-leakage', 'at most', 0.05, '', 'share of test rows that also stand in training'),
  latencyP99Ms: limit('compute-budget', 'at most', 5, 'ms', 'time of one row in process, 99th percentile'),
  latencyRatio: limit('compute-budget', 'at most', 1.25, '', "median time of one row over the champion's"),
  loadMs: limit('compute-budget', 'at most', 500, 'ms', 'time to load the model'),
  memoryGrowthMiB: limit('compute-budget', 'at most', 100, 'MiB', 'memory that the model takes when loaded'),
  threadDifference: limit('determinism', 'at most', 1e-6, '', 'difference of an answer between thread counts'),
  parityDifference: limit('onnx-parity', 'at most', 1e-5, '', "difference of an answer from the trainer's"),
  skewShare: limit('serving-skew', 'at most', 0.001, '', 'share of rows that the service would see otherwise'),
  featureDrift: limit('reference-drift', 'at most', 0.25, 'PSI', 'drift of a feature, noise taken off'),
  profileDrift: limit(
    'reference-drift',
    'at most',
    0.25,
    'PSI',
    "drift of training rows from the candidate's and the champion's profile, noise taken off",
  ),
  answerDrift: limit('reference-drift', 'at most', 0.15, 'PSI', 'drift of the answers, noise taken off'),
} as const satisfies Record<string, GateLimit>;

export type GateLimitName = keyof typeof gateLimits;
