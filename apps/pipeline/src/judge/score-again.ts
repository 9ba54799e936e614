import { goldenSchema } from '@repo/contract/manifest';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { StageFailure } from '@repo/contract/stage-failure';
import type { AgreementEvidence } from '@repo/experiments/canary-evidence';
import { encodeRow } from '@repo/features/encode-row';
import { bundleJson } from '@repo/registry/bundle-json';
import type { Bundle } from '@repo/registry/read-bundle';
import { createOnnxScorer, type OnnxScorer } from '@repo/training/onnx-scorer';
import type { LoggedPrediction } from './read-predictions.ts';

/** A row of the model's input; null when the features are not those that the model takes. */
function rowOf(contract: ModelContract, { features }: LoggedPrediction): Float32Array | null {
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
 * Scores logged predictions again with the bundle that is said to have made them, and compares. They agree within the tolerance of the bundle's
 * golden rows; a row that the bundle cannot take, or does not answer, disagrees.
 */
export async function scoreAgain(bundle: Bundle, predictions: readonly LoggedPrediction[]): Promise<AgreementEvidence> {
  const contract = bundleJson(bundle.contents, 'contract.json', modelContractSchema);
  const { tolerance } = bundleJson(bundle.contents, 'golden.json', goldenSchema);
  const rows = predictions.map((prediction) => rowOf(contract, prediction));
  const whole = rows.flatMap((row) => (row === null ? [] : [row]));
  const scorer = await createOnnxScorer(bundle.contents['model.onnx'], contract);
  try {
    const answers = whole.length === 0 ? new Float32Array() : await answersTo(scorer, whole);
    const differences = predictions
      .filter((_, i) => rows[i] !== null)
      .map(({ answer }, i) => Math.abs((answer ?? Number.NaN) - (answers[i] as number)));
    const known = differences.filter(Number.isFinite);
    return {
      compared: predictions.length,
      disagreed: predictions.length - differences.filter((difference) => difference <= tolerance).length,
      largest: known.length === 0 ? null : Math.max(...known),
    };
  } finally {
    await scorer.release();
  }
}
