import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { StageFailure } from '@repo/contract/stage-failure';
import { encodeRow, type RawValue } from '@repo/features/encode-row';
import { bundleJson } from '@repo/registry/bundle-json';
import type { Bundle } from '@repo/registry/read-bundle';
import { createOnnxScorer, type OnnxScorer } from '@repo/training/onnx-scorer';

/** A feature as the prediction log has it. */
export interface LoggedFeature {
  readonly name: string;
  readonly value: RawValue;
}

/** What a service answered, as far as it is answered again. */
export interface LoggedFeatures {
  readonly features: readonly LoggedFeature[];
}

/** A row of the model's input; null when the features are not those that the model takes. */
function rowOf(contract: ModelContract, { features }: LoggedFeatures): Float32Array | null {
  const values = new Map(features.map(({ name, value }) => [name, value]));
  const isWhole =
    features.length === contract.features.length && contract.features.every(({ name }) => values.has(name));
  if (!isWhole) return null;
  return encodeRow(
    contract,
    contract.features.map(({ name }) => values.get(name) ?? null),
  );
}

/** Answers to rows all at once, or one by one where one of them has no answer that may be given: NaN for that. */
async function answersTo(scorer: OnnxScorer, rows: readonly Float32Array[]): Promise<Float32Array> {
  const width = rows[0]?.length ?? 0;
  const values = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) values.set(row, i * width);
  try {
    return await scorer.score(values, rows.length);
  } catch (error) {
    if (!(error instanceof StageFailure)) throw error;
    const answers = new Float32Array(rows.length).fill(Number.NaN);
    for (const [i, row] of rows.entries())
      answers[i] = (await scorer.score(row, 1).catch(() => [Number.NaN]))[0] as number;
    return answers;
  }
}

/**
 * What a bundle answers to rows that were logged, in their order: what it would have said, or has said. NaN for a row whose features are not those
 * that it takes, and for one that it gives no answer to. Throws StageFailure for a model that breaks its contract.
 */
export async function answerAgain(bundle: Bundle, logged: readonly LoggedFeatures[]): Promise<Float32Array> {
  const contract = bundleJson(bundle.contents, 'contract.json', modelContractSchema);
  const rows = logged.map((one) => rowOf(contract, one));
  const whole = rows.flatMap((row) => (row === null ? [] : [row]));
  const all = new Float32Array(logged.length).fill(Number.NaN);
  if (whole.length === 0) return all;
  const scorer = await createOnnxScorer(bundle.contents['model.onnx'], contract);
  try {
    const answers = await answersTo(scorer, whole);
    let next = 0;
    for (const [i, row] of rows.entries()) if (row !== null) all[i] = answers[next++] as number;
    return all;
  } finally {
    await scorer.release();
  }
}
