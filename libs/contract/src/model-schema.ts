import { z } from 'zod';
import { durationSchema } from './duration.ts';
import { experimentPolicySchema } from './experiment-policy.ts';
import { gatePolicySchema } from './gate-policy.ts';
import { monitoringPolicySchema } from './monitoring-policy.ts';
import { columnNameSchema, nameSchema } from './name.ts';
import { releasePolicySchema } from './release-policy.ts';
import { retrainingPolicySchema } from './retraining-policy.ts';
import { Fallback, OutlierPolicy, UnknownPolicy } from './serving-policy.ts';
import type { Source } from './source.ts';
import { splitSchema } from './split.ts';
import { trainingSchema } from './training.ts';
import type { View } from './view.ts';

const views = z
  .array(z.custom<View>((v) => typeof (v as View)?.digest === 'string', { error: 'feature views' }))
  .min(1);

/** Schema of a model definition; what crosses fields is checked by checkModel. */
export const modelSchema = z.strictObject({
  name: nameSchema,
  /** The question that a prediction answers, for people. */
  question: z.string().min(1),
  owner: z.string().min(1),
  /** The source whose rows are predicted. */
  events: z.custom<Source>((s) => (s as Source)?.kind === 'source', { error: 'a source made by defineSource' }),
  /** Features are taken as known at `column` minus `lead`. */
  cutoff: z.strictObject({ column: columnNameSchema, lead: durationSchema }),
  /** Boolean column: a classification; number: a regression. Rows without a label are not trained on. */
  label: z.strictObject({ column: columnNameSchema, knownAfter: durationSchema }),
  /** Half-open day ranges in UTC, [from, to), in this order, not overlapping. */
  split: splitSchema,
  /** Views in input order; see `select`. */
  features: views,
  training: trainingSchema,
  gates: gatePolicySchema,
  serving: z.strictObject({
    /** Budget of one prediction. */
    timeoutMs: z.int().min(1).max(60_000),
    /** Classification only: a probability at or above it decides yes. Default 0.5. */
    threshold: z.number().gt(0).lt(1).optional(),
    /** Most rows that requests waiting together are run with at once. */
    maxBatchSize: z.int().min(1).max(1024).default(32),
    /** Who answers, in this order, when the champion cannot. Default nobody: the caller gets the error. */
    fallback: z.array(z.enum(Fallback)).default([]),
    /** What becomes of a category that the model was not trained on. Default: it counts as missing, and the answer says so. */
    unknowns: z.enum(UnknownPolicy).default('flag'),
    /** What becomes of a row that looks like none of the training rows. Default: it is answered, and the answer says so. */
    outliers: z.enum(OutlierPolicy).default('flag'),
  }),
  /** How it is watched. Default: the objectives of monitoring-policy.ts. */
  monitoring: monitoringPolicySchema,
  release: releasePolicySchema,
  /** When it is trained again by itself. Default: the triggers and guards of retraining-policy.ts. */
  retraining: retrainingPolicySchema,
  /** Two or more versions that answer at the same time, each for its own units. Default: none. */
  experiment: experimentPolicySchema.optional(),
  resources: z.strictObject({
    cpu: z.number().gt(0),
    memoryMiB: z.int().min(64),
    replicas: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }),
  }),
});

/** A model definition whose fields are each well formed. */
export type ParsedModel = z.output<typeof modelSchema>;

/** Names of a model's features in the order of the ONNX input. */
export function featureNames(features: readonly View[]): string[] {
  return features.flatMap((view) => Object.keys(view.spec.features));
}
