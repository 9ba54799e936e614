import { StageFailure } from '@repo/contract/stage-failure';
import { type IsolationForest, outlierScores } from './isolation-forest.ts';
import type { OnnxScorer } from './onnx-scorer.ts';
import { rowMajor } from './row-major.ts';
import { spreadRows } from './spread-rows.ts';
import { selectRows, type TrainingMatrix } from './training-matrix.ts';

/** Rows that are compared, spread evenly over those given. */
const parityRows = 2000;

/** Holds an exported outlier model to the forest it came from: the same scores within 1e-6. Throws StageFailure where they differ. */
export async function requireOutlierParity(
  forest: IsolationForest,
  scorer: OnnxScorer,
  matrix: TrainingMatrix,
): Promise<void> {
  const { columns, rows } = selectRows(matrix, spreadRows(matrix.rows, parityRows));
  const theirs = await scorer.score(rowMajor(columns, rows), rows);
  const ours = outlierScores(forest, columns, rows);
  const row = theirs.findIndex((score, at) => !(Math.abs(score - (ours[at] as number)) <= 1e-6));
  if (row < 0) return;
  throw new StageFailure(
    `The exported outlier model differs from the forest: ${theirs[row]} instead of ${ours[row]} in row ${row} of ${rows}.`,
  );
}
