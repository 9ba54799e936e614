import { z } from 'zod';
import { columnNameSchema, nameSchema } from './name.ts';
import { Fallback, OutlierPolicy, UnknownPolicy } from './serving-policy.ts';
import { ColumnType } from './source.ts';
import { viewSpecSchema } from './view.ts';

/**
 * contract.json of a bundle: all that a service needs to turn a request into the model's input and the output into an answer,
 * with no model code at hand. Made by the features stage, checked wherever it is read.
 */
export const modelContractSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  question: z.string(),
  owner: z.string(),
  task: z.enum(['binary', 'regression']),
  label: columnNameSchema,
  /** Features are taken as known at `column` minus `leadUs` microseconds. */
  cutoff: z.strictObject({ column: columnNameSchema, leadUs: z.int().min(0) }),
  /** First event time of the data; a cut-off before it cannot be answered. UTC microseconds. */
  dataBeginsUs: z.int(),
  /** Fields of a prediction request, in order. */
  request: z.array(
    z.strictObject({ name: columnNameSchema, type: z.enum(ColumnType), required: z.boolean(), about: z.string() }),
  ),
  /** Columns of the ONNX input, in order. A category's code is its index in `categories`; anything else is NaN. */
  features: z.array(
    z.strictObject({ name: columnNameSchema, view: nameSchema, categories: z.array(z.string()).nullable() }),
  ),
  views: z.array(z.strictObject({ digest: z.string(), spec: viewSpecSchema })),
  input: z.strictObject({ name: z.string(), datatype: z.literal('FP32') }),
  /** The output that is the answer: a probability for binary, a value for regression. Shape [n, 1]. */
  output: z.strictObject({ name: z.string(), datatype: z.literal('FP32') }),
  threshold: z.number().nullable(),
  /** As the definition's `serving` has them. */
  serving: z.strictObject({
    timeoutMs: z.int(),
    maxBatchSize: z.int(),
    fallback: z.array(z.enum(Fallback)),
    unknowns: z.enum(UnknownPolicy),
    outliers: z.enum(OutlierPolicy),
  }),
});

export type ModelContract = z.infer<typeof modelContractSchema>;

/** Status of a feature value: from the view within its TTL, older than it, nowhere found, or the view's own default. */
export const FeatureStatus = { ok: 'ok', stale: 'stale', missing: 'missing', default: 'default' } as const;
export type FeatureStatus = (typeof FeatureStatus)[keyof typeof FeatureStatus];

/** The statuses by the code that feature tables store. */
export const featureStatuses = ['ok', 'stale', 'missing', 'default'] as const satisfies readonly FeatureStatus[];
