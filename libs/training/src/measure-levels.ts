import type { ModelContract } from '@repo/contract/model-contract';
import { FallbackLevel } from '@repo/contract/serving-policy';
import { evaluate, type Metrics } from './evaluate.ts';
import type { FeatureTables } from './feature-table.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { rowMajor } from './row-major.ts';
import type { StepProgress } from './step-progress.ts';
import { hideColumns, selectColumns, type TrainingMatrix } from './training-matrix.ts';
import { narrowContract, viewColumns } from './view-columns.ts';

/** How good the answers are when the service is not whole, on the test rows. */
export interface LevelMetrics {
  level: FallbackLevel;
  /** Views whose features are missing. */
  without: string[];
  rows: number;
  metrics: Metrics;
}

/** What levels are measured on. */
export interface MeasureLevelsOptions {
  contract: ModelContract;
  tables: FeatureTables;
  /** The champion's file. */
  onnx: Uint8Array;
  /** The compact model's file, where there is one. */
  compact: Uint8Array | null;
  /** The champion's answers to the test rows, nothing missing that was not missing. */
  answers: Float32Array;
  progress: StepProgress;
}

/** The views to go without: each looked-up view alone, then all of them, as when the online store is away. */
function outages(contract: ModelContract): { without: string[]; columns: number[] }[] {
  const views = [...viewColumns(contract).lookedUp];
  const each = views.map(([view, columns]) => ({ without: [view], columns: [...columns] }));
  if (views.length < 2) return each;
  return [...each, { without: views.map(([view]) => view), columns: views.flatMap(([, columns]) => columns) }];
}

/**
 * Measures every level of degradation on the test rows: the champion with all it asks for, without each looked-up view and without all of
 * them, the compact model, and the mean of the training labels.
 */
export async function measureLevels(options: MeasureLevelsOptions): Promise<LevelMetrics[]> {
  const { contract, tables, onnx, compact, answers, progress } = options;
  const { task } = contract;
  const { matrix } = tables.test;
  const { rows, labels } = matrix;
  const levels: LevelMetrics[] = [];
  const add = (level: FallbackLevel, without: string[], given: ArrayLike<number>) => {
    levels.push({ level, without, rows, metrics: evaluate(task, labels, given) });
    progress.update(levels.length);
  };
  const absent = outages(contract);
  progress.start('degrade', absent.length + (compact === null ? 2 : 3));
  add(FallbackLevel.champion, [], answers);
  const scorer = await createOnnxScorer(onnx, contract);
  try {
    for (const { without, columns } of absent) {
      const hidden = hideColumns(matrix, columns);
      add(FallbackLevel.champion, without, await scorer.score(rowMajor(hidden.columns, rows), rows));
    }
  } finally {
    await scorer.release();
  }
  if (compact !== null) add(FallbackLevel.compact, [], await compactAnswers(compact, contract, matrix));
  const { labels: known } = tables.train.matrix;
  const mean = known.reduce((sum, y) => sum + y, 0) / known.length;
  add(FallbackLevel.prior, [], new Float64Array(rows).fill(mean));
  return levels;
}

async function compactAnswers(
  compact: Uint8Array,
  contract: ModelContract,
  matrix: TrainingMatrix,
): Promise<Float32Array> {
  const { request } = viewColumns(contract);
  const scorer = await createOnnxScorer(compact, narrowContract(contract, request));
  try {
    return await scorer.score(rowMajor(selectColumns(matrix, request).columns, matrix.rows), matrix.rows);
  } finally {
    await scorer.release();
  }
}
