import type { ModelContract } from '@repo/contract/model-contract';
import { nameSchema } from '@repo/contract/name';
import type { Profile } from '@repo/contract/profile';
import type { FeatureTable } from '@repo/training/feature-table';
import type { OnnxScorer } from '@repo/training/onnx-scorer';
import { rowMajor } from '@repo/training/row-major';
import { z } from 'zod';
import { driftLawSchema, measureDriftLaw } from './drift-law.ts';
import { featureImportances } from './feature-importances.ts';
import { tableWindows } from './table-windows.ts';

/**
 * drift.json, evidence beside a bundle: by what drift of its version is judged, frozen when it was trained. The bins themselves are the profile's,
 * in the bundle.
 */
export const driftBasisSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  /** Of the bundle that it is about. */
  digest: z.string(),
  /** How the days that it learned from differ. */
  law: driftLawSchema,
  /** See `featureImportances`, of the rows that it was tuned on; null where no feature changes an answer. */
  importances: z.record(z.string(), z.number().min(0).max(1)).nullable(),
});
export type DriftBasis = z.infer<typeof driftBasisSchema>;

/** What {@link measureDriftBasis} is made from. */
export interface DriftBasisOptions {
  readonly model: string;
  readonly digest: string;
  readonly contract: ModelContract;
  readonly profile: Profile;
  /** Rows that the version learned from, and those that it was tuned on. */
  readonly train: FeatureTable;
  readonly validate: FeatureTable;
  /** The version's model. */
  readonly scorer: Pick<OnnxScorer, 'score'>;
}

/** Measures it: answers the training rows once, and up to 4,000 of the others once for each feature and once more. */
export async function measureDriftBasis(options: DriftBasisOptions): Promise<DriftBasis> {
  const { model, digest, contract, profile, train, validate, scorer } = options;
  const { columns, rows } = train.matrix;
  const answers = await scorer.score(rowMajor(columns, rows), rows);
  const days = tableWindows({ model, version: digest, profile, contract, table: train, answers });
  const importances = await featureImportances({ task: contract.task, matrix: validate.matrix, score: scorer.score });
  return { schemaVersion: 1, model, digest, law: measureDriftLaw(profile, days), importances };
}
