import type { ModelContract } from '@repo/contract/model-contract';
import { exportOutliers, outlierOutput } from './export-outliers.ts';
import type { FeatureTables } from './feature-table.ts';
import { fitIsolationForest } from './isolation-forest.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { requireOutlierParity } from './require-outlier-parity.ts';
import { rowMajor } from './row-major.ts';
import { spreadRows } from './spread-rows.ts';
import { selectRows } from './training-matrix.ts';

/** Most scores that a profile keeps; the p value of a row is then exact to 1 in 5000. */
const heldOutRows = 5000;

/** A row whose p value is below this is an outlier. */
export const outlierBelow = 0.005;

/** What finds rows that look like none of the training rows. */
export interface OutlierModel {
  onnx: Uint8Array;
  /** Scores of rows of the validation split, rising, to six decimals. */
  scores: number[];
  /** Share of the test rows whose p value is below {@link outlierBelow}. */
  testShare: number;
}

/** Share of the held-out scores (rising) at or above a score. */
function pValue(heldOut: readonly number[], score: number): number {
  const first = heldOut.findIndex((other) => other >= score);
  return first < 0 ? 0 : (heldOut.length - first) / heldOut.length;
}

/**
 * Fits an isolation forest to the training rows, exports it, and scores rows that it did not see. Throws StageFailure when the exported graph
 * does not score as the forest does, within 1e-6.
 */
export async function trainOutliers(contract: ModelContract, tables: FeatureTables): Promise<OutlierModel> {
  const forest = fitIsolationForest(tables.train.matrix);
  const onnx = exportOutliers(forest);
  const output = { name: outlierOutput, datatype: 'FP32' } as const;
  const scorer = await createOnnxScorer(onnx, { ...contract, task: 'regression', output });
  try {
    const { validate, test } = tables;
    await requireOutlierParity(forest, scorer, test.matrix);
    const heldOut = selectRows(validate.matrix, spreadRows(validate.matrix.rows, heldOutRows));
    const found = await scorer.score(rowMajor(heldOut.columns, heldOut.rows), heldOut.rows);
    const scores = Array.from(found, (score) => Number(score.toFixed(6))).sort((a, b) => a - b);
    const tested = await scorer.score(rowMajor(test.matrix.columns, test.matrix.rows), test.matrix.rows);
    const strange = tested.filter((score) => pValue(scores, score) < outlierBelow);
    return { onnx, scores, testShare: strange.length / tested.length };
  } finally {
    await scorer.release();
  }
}
