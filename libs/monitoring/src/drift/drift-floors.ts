/** Where a measure of drift starts to matter, whatever its p-value: `warn` goes on the weekly page, `page` wakes somebody. */
export interface DriftFloor {
  readonly warn: number;
  readonly page: number;
}

/** At 5,000 rows an index of 0.01 is beyond chance and harms nobody: under its floor no measure is a finding. */
export const driftFloors = {
  /** Population stability index: 0.1 can be seen in a picture, 0.25 is another population. */
  psi: { warn: 0.1, page: 0.25 },
  /** Wasserstein's distance in standard deviations of the training values. */
  shift: { warn: 0.1, page: 0.2 },
  /** Largest change of one category's share. */
  largestShareChange: { warn: 0.05, page: 0.1 },
  /** Rise of the share of missing values over that of training. */
  missingShare: { warn: 0.02, page: 0.05 },
  /** Share of values that training never saw. */
  newCategories: { warn: 0.01, page: 0.05 },
  /** Population stability index of the answers. */
  answers: { warn: 0.1, page: 0.25 },
  /** Change of the share of positive labels, as a ratio: the larger over the smaller, less 1. */
  labelRate: { warn: 0.15, page: 0.4 },
} as const satisfies Record<string, DriftFloor>;

export type DriftMeasure = keyof typeof driftFloors;
