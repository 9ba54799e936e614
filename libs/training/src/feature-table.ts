import type { TrainingMatrix } from './training-matrix.ts';

/** One split of a model's feature table, in the order of its event times. */
export interface FeatureTable {
  /** Key of each row, as in the events. */
  rowIds: string[];
  /** Event time of each row, UTC microseconds. */
  timesUs: Float64Array;
  matrix: TrainingMatrix;
}

/** The feature tables of the three splits. */
export interface FeatureTables {
  train: FeatureTable;
  validate: FeatureTable;
  test: FeatureTable;
}
