import type { Finding } from '@repo/contract/monitor-findings';
import { aucOf } from '@repo/stats/auc-of';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { createRandom } from '@repo/stats/random';
import { fitGradientBoosting } from '@repo/training/gradient-boosting';
import { scoreRaw } from '@repo/training/score';
import { createTrainingMatrix, selectRows, type TrainingMatrix } from '@repo/training/training-matrix';

/** Rows of one side: features as the model takes them, and the day of each row. */
export interface JointRows {
  readonly matrix: Pick<TrainingMatrix, 'featureNames' | 'categorical' | 'columns'>;
  /** Days since 1970, or any number of a day. */
  readonly days: ArrayLike<number>;
}

export interface JointDriftOptions {
  /** Most rows of each side; more are sampled. Default 2000. */
  readonly mostRows?: number;
  /** Seed of the sample and of the resamples. Default 1. */
  readonly seed?: number;
}

/** How well a classifier tells new rows from old ones, on days that it did not learn from. */
export interface JointDrift {
  /** Area under the ROC curve; 0.5 where nothing tells them apart. */
  readonly auc: number;
  /** 95 %, days drawn as a whole. */
  readonly interval: [number, number];
  /** Share of the classifier's gain that each feature has, largest first. */
  readonly features: { name: string; share: number }[];
}

const folds = 5;
/** Beyond it two populations are told apart; far beyond it nobody needs a test. */
const limits = { warn: 0.6, page: 0.75 } as const;
/** Small trees: what takes more than these to see is no drift that a model would feel. */
const boosting = { objective: 'binary', rounds: 40, leaves: 8, learningRate: 0.1, minLeafRows: 20 } as const;

/** Fold of each row: blocks of days that follow each other. Null for fewer days than folds. */
function foldsOf(days: ArrayLike<number>): Uint8Array | null {
  const sorted = [...new Set(Array.from(days))].sort((a, b) => a - b);
  if (sorted.length < folds) return null;
  const foldOf = new Map(sorted.map((day, i) => [day, Math.floor((i * folds) / sorted.length)]));
  return Uint8Array.from(days, (day) => foldOf.get(day) as number);
}

/** Up to so many row numbers, without order, each row as likely as any. */
function sampleRows(rows: number, most: number, seed: number): Uint32Array {
  const random = createRandom(seed);
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const taken = Math.min(rows, most);
  for (let i = 0; i < taken; i++) {
    const other = i + random.integer(rows - i);
    [all[i], all[other]] = [all[other] as number, all[i] as number];
  }
  return all.slice(0, taken).sort();
}

/** Old rows (label 0) and new ones (label 1) in one matrix, with the cluster and the fold of each. */
function joined(reference: JointRows, current: JointRows, { mostRows = 2000, seed = 1 }: JointDriftOptions) {
  const sides = [reference, current].map(({ matrix, days }, side) => {
    const chosen = sampleRows(days.length, mostRows, seed + side);
    return { matrix, chosen, days: Float64Array.from(chosen, (row) => days[row] as number) };
  });
  const foldOfSides = sides.map(({ days }) => foldsOf(days));
  if (foldOfSides.some((fold) => fold === null)) return null;
  const columns = reference.matrix.columns.map((_, feature) =>
    Float32Array.from(
      sides.flatMap(({ matrix, chosen }) =>
        Array.from(chosen, (row) => (matrix.columns[feature] as Float32Array)[row] as number),
      ),
    ),
  );
  const labels = Float32Array.from(sides.flatMap(({ chosen }, side) => Array.from(chosen, () => side)));
  const clusterOf = new Map<string, number>();
  const clusters = sides.flatMap(({ days }, side) =>
    Array.from(days, (day) => {
      const key = `${side} ${day}`;
      const cluster = clusterOf.get(key) ?? clusterOf.size;
      clusterOf.set(key, cluster);
      return cluster;
    }),
  );
  const { featureNames, categorical } = reference.matrix;
  return {
    matrix: createTrainingMatrix({ featureNames, categorical, columns, labels }),
    foldOfRow: foldOfSides.flatMap((fold) => [...(fold as Uint8Array)]),
    clusters,
  };
}

/**
 * Trains gradient boosting to tell current rows from reference rows, five times, each time asking it about a block of days that it did not see, so
 * that it cannot win by knowing the weather of a day. Null when a side has fewer than 5 days: the one or the other cannot be held out.
 * Source: D. Lopez-Paz, M. Oquab, "Revisiting classifier two-sample tests", ICLR (2017).
 */
export async function jointDrift(
  reference: JointRows,
  current: JointRows,
  options: JointDriftOptions = {},
): Promise<JointDrift | null> {
  const rows = joined(reference, current, options);
  if (rows === null) return null;
  const { matrix, foldOfRow, clusters } = rows;
  const scores = new Float64Array(matrix.rows);
  const gains = new Float64Array(matrix.featureNames.length);
  for (let fold = 0; fold < folds; fold++) {
    const all = foldOfRow.map((_, row) => row);
    const test = selectRows(
      matrix,
      all.filter((row) => foldOfRow[row] === fold),
    );
    const train = selectRows(
      matrix,
      all.filter((row) => foldOfRow[row] !== fold),
    );
    const fit = await fitGradientBoosting(train, { ...boosting, seed: options.seed ?? 1 }, { threads: 1 });
    const scored = scoreRaw(fit.model, test.columns, test.rows);
    let next = 0;
    for (const row of all) if (foldOfRow[row] === fold) scores[row] = scored[next++] as number;
    fit.importance.forEach((gain, feature) => {
      gains[feature] = (gains[feature] as number) + gain;
    });
  }
  const resampled = { clusters, replicates: 400, seed: options.seed ?? 1, level: 0.95 };
  const { auc } = bootstrapMany(resampled, { auc: aucOf(matrix.labels, scores) });
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  const features = matrix.featureNames
    .map((name, feature) => ({ name, share: total > 0 ? (gains[feature] as number) / total : 0 }))
    .sort((a, b) => b.share - a.share);
  return { auc: auc.estimate, interval: [auc.lower, auc.upper], features };
}

/**
 * The finding of {@link jointDrift}: it warns when the lower bound is above 0.60, and pages above 0.75. Ask it about rows of the weeks before, not of
 * training: a classifier sees every season.
 */
export function jointDriftFinding(drift: JointDrift | null): Finding {
  const base = { kind: 'data', name: 'jointDrift', subject: null, importance: null } as const;
  const limit = { good: 'at most', at: limits.warn } as const;
  if (drift === null)
    return {
      ...{ ...base, value: null, interval: null, limit, outcome: 'no-verdict' },
      reason: 'Too few days on a side to hold some out. Wait.',
    };
  const { auc, interval, features } = drift;
  const [lower] = interval;
  const top = features.slice(0, 3).map(({ name, share }) => `${name} (${Math.round(100 * share)} %)`);
  const outcome = lower > limits.page ? 'page' : lower > limits.warn ? 'warn' : 'ok';
  const reason = `A classifier tells new rows from old ones with an AUC of ${auc.toFixed(3)} on days it did not see`;
  return {
    ...{ ...base, value: auc, interval, limit, outcome },
    reason: outcome === 'ok' ? `${reason}.` : `${reason}, most of all by ${top.join(', ')}. Look at these together.`,
  };
}
