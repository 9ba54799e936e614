import type { Job } from '../job.ts';
import type { ServedModel } from '../served-model.ts';

/** Which tensors a row goes through. */
export interface RowTensors {
  readonly input: string;
  readonly output: string;
}

/** Runs a model on one row of codes within `budgetMs` and returns its answer, which may be NaN. Throws as ServedModel.run. */
export async function runRow(
  model: Pick<ServedModel, 'run'>,
  tensors: RowTensors,
  codes: readonly number[],
  budgetMs: number,
  signal: Job['signal'],
): Promise<number> {
  const data = Float32Array.from(codes);
  const inputs = [{ name: tensors.input, datatype: 'FP32', shape: [1, codes.length], data }] as const;
  const { outputs } = await model.run({
    inputs,
    outputs: [tensors.output],
    deadlineMs: performance.now() + budgetMs,
    signal,
  });
  return Number(outputs[0]?.data[0]);
}
