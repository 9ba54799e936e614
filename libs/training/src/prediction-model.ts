/** What is predicted: the probability of label 1, or a number. */
export type Objective = 'binary' | 'regression';

/**
 * A binary decision tree in flat arrays; node 0 is the root. A child that is negative is leaf `-child - 1`.
 * A tree of one leaf has no nodes.
 */
export interface Tree {
  /** Column that each node looks at. */
  feature: number[];
  /** float32: a value goes left when it is at most this. */
  threshold: number[];
  /** Whether a missing value goes left. */
  missingLeft: boolean[];
  left: number[];
  right: number[];
  /** float32 value of each leaf, shrinkage included. */
  leafValue: number[];
}

/** A sum of trees: raw = ((leaf 1 + leaf 2) + ...) + base, each sum rounded to float32. */
export interface TreeEnsemble {
  kind: 'trees';
  objective: Objective;
  featureNames: readonly string[];
  /** float32 raw score before any tree. */
  base: number;
  trees: Tree[];
}

/** raw = intercept + sum of weight x (value - mean) / deviation, and per feature a further weight when the value is missing. */
export interface LinearModel {
  kind: 'linear';
  objective: Objective;
  featureNames: readonly string[];
  /** float32; stands in for a missing value. */
  mean: number[];
  /** float32, never 0. */
  deviation: number[];
  weight: number[];
  missingWeight: number[];
  intercept: number;
}

/** The same raw score for every row: the log-odds of the training labels, or their mean. */
export interface PriorModel {
  kind: 'prior';
  objective: Objective;
  featureNames: readonly string[];
  /** float32. */
  base: number;
}

/** Everything that the trainer can make; plain JSON. */
export type PredictionModel = TreeEnsemble | LinearModel | PriorModel;
