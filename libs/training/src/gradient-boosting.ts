import { createRandom, type Random } from '@repo/stats/random';
import { binBorders, binRows } from './bins.ts';
import { createBoostingCrew } from './boosting-crew.ts';
import { leafOf } from './boosting-shard.ts';
import { type BoostingState, createBoostingState, operations, slots } from './boosting-state.ts';
import { checkTrainingInput } from './check-training-input.ts';
import { createPool, type Grower, growTree } from './grow-tree.ts';
import { baseScore, reportedLoss, rowLoss } from './objective.ts';
import type { Objective, Tree, TreeEnsemble } from './prediction-model.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Settings of a fit; names and defaults are those of `gradientBoosting()` in a model definition. */
export interface BoostingOptions {
  objective: Objective;
  /** Most trees. Default 300. */
  rounds?: number;
  /** Most leaves of a tree, from 2. Default 31. */
  leaves?: number;
  /** Factor on every leaf value. Default 0.05. */
  learningRate?: number;
  /** Fewest training rows in a leaf. Default 100. */
  minLeafRows?: number;
  /** L2 penalty on leaf values. Default 1. */
  l2?: number;
  /** Share of rows that each tree sees. Default 1. */
  rowShare?: number;
  /** Share of features that each tree sees. Default 1. */
  featureShare?: number;
  /** Rounds without a better validation loss before it stops. Default 50. */
  patience?: number;
  /** Seed of the row and feature draws. Default 1. */
  seed?: number;
}

/** Losses after a round: log-loss, or root mean squared error. */
export interface BoostingRound {
  /** From 1. */
  round: number;
  trainLoss: number;
  /** null without validation rows. */
  validLoss: number | null;
}

/** How a fit runs; nothing here but `valid` changes the model. */
export interface BoostingRun {
  /** Rows for early stopping; without them every round is kept. */
  valid?: TrainingMatrix;
  /** Threads, the caller's included. Default 2. */
  threads?: number;
  onRound?: (round: BoostingRound) => void;
}

/** A fitted ensemble. */
export interface BoostingFit {
  /** The trees up to the best round. */
  model: TreeEnsemble;
  curve: BoostingRound[];
  bestRound: number;
  /** Sum of split gains of each feature over the kept rounds, in feature order. */
  importance: number[];
}

/**
 * Fits trees by leaf-wise histogram gradient boosting with 254 bins and learned directions for missing values.
 * Same matrix and options give the same model, whatever the number of threads. Blocks the event loop within a round and yields between rounds.
 * Throws InputError for labels or shapes that do not fit the objective.
 */
export async function fitGradientBoosting(
  train: TrainingMatrix,
  options: BoostingOptions,
  run: BoostingRun = {},
): Promise<BoostingFit> {
  const { objective, rounds = 300, leaves = 31, learningRate = 0.05, minLeafRows = 100, l2 = 1 } = options;
  const { rowShare = 1, featureShare = 1, patience = 50, seed = 1 } = options;
  const { valid, threads = 2, onRound } = run;
  checkTrainingInput(train, valid, objective);
  const borders = train.columns.map((_, feature) => binBorders(train, feature));
  const base = baseScore(objective, train.labels);
  const state = createBoostingState(train, borders, { objective, base, leaves, threads });
  const watch = valid ? createWatch(state, valid, borders) : null;
  const binCounts = Int32Array.from(borders, (own) => own.length);
  const random = createRandom(seed);
  const trees: Tree[] = [];
  const curve: BoostingRound[] = [];
  const gains: Float64Array[] = [];
  let bestRound = 0;
  let bestLoss = Infinity;
  const crew = await createBoostingCrew(state);
  try {
    const limits = { minLeafRows, l2 };
    const grower: Grower = { state, crew, borders, binCounts, limits, learningRate, pool: createPool(state) };
    crew.run(operations.derive, state.rows);
    for (let round = 1; round <= rounds; round++) {
      drawRows(state, random, rowShare);
      drawFeatures(state, random, featureShare);
      const gain = new Float64Array(state.features);
      trees.push(growTree(grower, gain));
      gains.push(gain);
      crew.run(operations.finish, state.rows);
      const validLoss = watch ? watch() : null;
      curve.push({ round, trainLoss: trainLoss(state), validLoss });
      onRound?.(curve.at(-1) as BoostingRound);
      if (validLoss === null || validLoss < bestLoss) {
        bestLoss = validLoss ?? Infinity;
        bestRound = round;
      }
      if (round - bestRound >= patience) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await crew.close();
  }
  const importance = train.columns.map((_, feature) =>
    gains.slice(0, bestRound).reduce((sum, gain) => sum + (gain[feature] as number), 0),
  );
  const { featureNames } = train;
  return {
    model: { kind: 'trees', objective, featureNames, base, trees: trees.slice(0, bestRound) },
    curve,
    bestRound,
    importance,
  };
}

function trainLoss(state: BoostingState): number {
  return reportedLoss(state.objective, state.blockLoss.reduce((sum, loss) => sum + loss, 0) / state.rows);
}

function drawRows(state: BoostingState, random: Random, share: number): void {
  if (share < 1) for (let row = 0; row < state.rows; row++) state.inBag[row] = random.next() < share ? 1 : 0;
}

/** Chooses at least one feature; kept in ascending order so that ties between features do not depend on the draw. */
function drawFeatures(state: BoostingState, random: Random, share: number): void {
  const all = Array.from({ length: state.features }, (_, feature) => feature);
  const count = Math.max(1, Math.round(share * state.features));
  if (count < state.features)
    for (let i = 0; i < count; i++) {
      const other = i + random.integer(state.features - i);
      [all[i], all[other]] = [all[other] as number, all[i] as number];
    }
  state.chosen.set(all.slice(0, count).sort((a, b) => a - b));
  state.control[slots.features] = count;
}

/** Keeps the scores of the validation rows; each call adds the current tree and returns their loss. */
function createWatch(state: BoostingState, valid: TrainingMatrix, borders: readonly Float32Array[]): () => number {
  const bins = binRows(valid.columns, valid.rows, borders);
  const scores = new Float32Array(valid.rows);
  const { objective, features, base } = state;
  return () => {
    const nodes = state.control[slots.nodes] as number;
    let loss = 0;
    for (let row = 0; row < valid.rows; row++) {
      const value = state.leafValue[leafOf(state.nodes, nodes, bins, row * features)] as number;
      scores[row] = (scores[row] as number) + value;
      loss += rowLoss(objective, Math.fround((scores[row] as number) + base), valid.labels[row] as number);
    }
    return reportedLoss(objective, loss / valid.rows);
  };
}
