import { z } from 'zod';
import { FeatureStatus } from './model-contract.ts';
import { FallbackLevel } from './serving-policy.ts';

/**
 * JSON bodies of the Open Inference Protocol V2 (REST) and of predictions. Requests tolerate fields that the protocol does not know, and
 * null for absent, as clients send them; answers are exactly these.
 */

const parameters = z.record(z.string(), z.unknown()).meta({
  description:
    'Known: timeout (microseconds), binary_data_size, binary_data, binary_data_output. Others are accepted and ignored.',
});
/** Row-major values, flat or nested. Elements are checked while they are copied into the tensor, not by the schema: there can be many. */
const data = z.unknown().refine(Array.isArray, { error: 'an array' }).meta({
  type: 'array',
  items: {},
  description: 'Row-major, flat or one array for each row; null is a missing value.',
});
const shape = z.array(z.int());

export const inferRequestSchema = z.object({
  id: z.string().max(256).nullish(),
  parameters: parameters.nullish(),
  inputs: z.array(
    z.object({
      name: z.string(),
      shape,
      datatype: z.string(),
      parameters: parameters.nullish(),
      /** Absent when the tensor follows the JSON as binary data. */
      data: data.optional(),
    }),
  ),
  outputs: z.array(z.object({ name: z.string(), parameters: parameters.nullish() })).nullish(),
});
export type InferRequest = z.infer<typeof inferRequestSchema>;

/** Datatypes of the protocol that a model here can have. */
export const datatypeSchema = z.enum([
  'BOOL',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'UINT32',
  'INT32',
  'INT64',
  'UINT64',
  'FP32',
  'FP64',
  'BYTES',
]);
export type Datatype = z.infer<typeof datatypeSchema>;

const outputTensor = z.strictObject({
  name: z.string(),
  datatype: datatypeSchema,
  shape,
  parameters: z.strictObject({ binary_data_size: z.int() }).optional(),
  /** Absent when the tensor follows the JSON as binary data. */
  data: z.array(z.union([z.number(), z.boolean(), z.string()])).optional(),
});
export type OutputTensor = z.infer<typeof outputTensor>;

export const inferResponseSchema = z.strictObject({
  model_name: z.string(),
  model_version: z.string(),
  id: z.string().optional(),
  outputs: z.array(outputTensor),
});
export type InferResponse = z.infer<typeof inferResponseSchema>;

export const serverMetadataSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
});
export type ServerMetadata = z.infer<typeof serverMetadataSchema>;

export const liveSchema = z.strictObject({ live: z.literal(true) });
export const readySchema = z.strictObject({ ready: z.literal(true) });
export const modelReadySchema = z.strictObject({ name: z.string(), ready: z.literal(true) });
export const modelListSchema = z.strictObject({ models: z.array(z.string()) });

const tensorMetadata = z.strictObject({
  name: z.string(),
  datatype: datatypeSchema,
  shape: shape.meta({ description: '-1 stands for any size.' }),
});
export type TensorMetadata = z.infer<typeof tensorMetadata>;

export const modelMetadataSchema = z.strictObject({
  name: z.string(),
  versions: z.array(z.string()),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
  properties: z.record(z.string(), z.string()),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** A line of the repository index: a version and whether it answers. */
export const repositoryIndexSchema = z.array(
  z.strictObject({
    name: z.string(),
    version: z.string(),
    state: z.enum(['READY', 'LOADING', 'UNAVAILABLE']),
    reason: z.string(),
  }),
);
export type RepositoryIndex = z.infer<typeof repositoryIndexSchema>;

const feature = z.strictObject({
  name: z.string(),
  value: z
    .union([z.number(), z.string(), z.null()])
    .meta({ description: 'A category by its name, even one the model never saw; null is no value.' }),
  status: z.enum(FeatureStatus),
});
const answered = {
  model_name: z.string(),
  model_version: z.string(),
  model_digest: z.string(),
  cutoff: z
    .string()
    .meta({ format: 'date-time', description: 'The moment for which the model was trained to answer.' }),
  features_as_of: z.string().meta({
    format: 'date-time',
    description: 'The moment of which features were taken: the cut-off, or that of the online store where it is later.',
  }),
  features: z.array(feature),
  degraded_reasons: z.array(z.string()).meta({
    description:
      'Why the answer is worse than it could be: `missing:`, `stale:`, `unknown_category:` or `clamped:` and a feature, `outlier`, or why a better level did not answer; empty when it is not.',
  }),
  fallback_level: z.enum(FallbackLevel).meta({ description: 'Who answered; anything but champion is a stand-in.' }),
  outlier: z.strictObject({ score: z.number(), p: z.number() }).nullable().meta({
    description:
      'How strange the row is, p being the share of held-out rows at least as strange; null where nothing judged it.',
  }),
};

/** Answer of a classification: `decision` is `probability >= threshold`. */
export const classificationSchema = z.strictObject({
  probability: z.number().min(0).max(1),
  decision: z.boolean(),
  threshold: z.number(),
  ...answered,
});
/** Answer of a regression. */
export const regressionSchema = z.strictObject({ prediction: z.number(), ...answered });
export type Prediction = z.infer<typeof classificationSchema> | z.infer<typeof regressionSchema>;

/** Body of every error. `error` has a line for each problem; `code` is a row of the error catalogue. */
export const errorBodySchema = z.strictObject({ error: z.string(), code: z.string(), request_id: z.string() });
export type ErrorBody = z.infer<typeof errorBodySchema>;
