import type { ModelContract } from '@repo/contract/model-contract';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { rowMajor } from './row-major.ts';
import type { StepProgress } from './step-progress.ts';

/** A model's answers to the rows of the three splits. */
export type Answers = Record<keyof FeatureTables, Float32Array>;

/** Answers the rows of every split with an ONNX model. Throws StageFailure as {@link createOnnxScorer} does. */
export async function answerTables(
  onnx: Uint8Array,
  contract: ModelContract,
  tables: FeatureTables,
  progress: StepProgress,
): Promise<Answers> {
  const scorer = await createOnnxScorer(onnx, contract);
  let done = 0;
  const answer = async ({ matrix }: FeatureTable) => {
    const answers = await scorer.score(rowMajor(matrix.columns, matrix.rows), matrix.rows);
    done += 1;
    progress.update(done);
    return answers;
  };
  progress.start('measure', 3);
  try {
    return {
      train: await answer(tables.train),
      validate: await answer(tables.validate),
      test: await answer(tables.test),
    };
  } finally {
    await scorer.release();
  }
}
