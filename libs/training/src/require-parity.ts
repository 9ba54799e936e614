import { StageFailure } from '@repo/contract/stage-failure';
import { boundaryRows } from './boundary-rows.ts';
import type { Calibration } from './calibration.ts';
import { checkParity } from './parity.ts';
import type { TreeEnsemble } from './prediction-model.ts';
import { rowMajor } from './row-major.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/**
 * Holds an exported graph to the trees it came from: raw scores bit for bit and probabilities within 1e-6, on the given rows and on both
 * sides of every threshold. Throws StageFailure where they differ.
 */
export async function requireParity(
  model: TreeEnsemble,
  onnx: Uint8Array,
  calibration: Calibration,
  { columns, rows }: TrainingMatrix,
): Promise<void> {
  const cases = { 'held-out': { values: rowMajor(columns, rows), rows }, boundary: boundaryRows(model) };
  for (const [what, values] of Object.entries(cases)) {
    const found = await checkParity(model, onnx, { calibration, ...values });
    if (found.rawMismatches === 0 && found.worstProbability <= 1e-6) continue;
    throw new StageFailure(
      `The exported model differs from the trained one: ${found.rawMismatches} of ${values.rows} ${what} rows, first at row ${found.firstMismatch}, worst difference of an answer ${found.worstProbability}.`,
    );
  }
}
