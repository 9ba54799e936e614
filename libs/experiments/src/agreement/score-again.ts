import { goldenSchema } from '@repo/contract/manifest';
import { bundleJson } from '@repo/registry/bundle-json';
import type { Bundle } from '@repo/registry/read-bundle';
import type { AgreementEvidence } from '../canary-evidence.ts';
import { answerAgain, type LoggedFeatures } from './answer-again.ts';

/** A prediction as the log has it, as far as it is scored again. */
export interface ScoredPrediction extends LoggedFeatures {
  readonly answer: number | null;
}

/**
 * Scores logged predictions again with the bundle that is said to have made them, and compares. They agree within the tolerance of the bundle's
 * golden rows; a row that the bundle cannot take, or does not answer, disagrees.
 */
export async function scoreAgain(bundle: Bundle, predictions: readonly ScoredPrediction[]): Promise<AgreementEvidence> {
  const { tolerance } = bundleJson(bundle.contents, 'golden.json', goldenSchema);
  const answers = await answerAgain(bundle, predictions);
  const differences = predictions.map(({ answer }, i) => Math.abs((answer ?? Number.NaN) - (answers[i] as number)));
  const known = differences.filter(Number.isFinite);
  return {
    compared: predictions.length,
    disagreed: predictions.length - differences.filter((difference) => difference <= tolerance).length,
    largest: known.length === 0 ? null : known.reduce((most, one) => Math.max(most, one)),
  };
}
