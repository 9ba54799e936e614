import { z } from 'zod';

const counts = z.array(z.int().min(0));
const feature = z.discriminatedUnion('kind', [
  /** `counts[i]` rows lie in (edges[i - 1], edges[i]]; the first and last bins are open. */
  /** `range` holds the 0.1 % and 99.9 % quantiles of the training values, null when there was none; clamping draws values into it. */
  z.strictObject({
    kind: z.literal('number'),
    name: z.string(),
    missing: z.int(),
    edges: z.array(z.number()),
    counts,
    range: z.tuple([z.number(), z.number()]).nullable(),
  }),
  z.strictObject({
    kind: z.literal('category'),
    name: z.string(),
    missing: z.int(),
    categories: z.array(z.string()),
    counts,
  }),
]);

/** profile.json of a bundle: what the training rows and the answers to them looked like, in fixed bins that windows of traffic can be added to. */
export const profileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  rows: z.int(),
  /** Share of positives, or mean of the label. */
  labelMean: z.number(),
  features: z.array(feature),
  answers: z.strictObject({ edges: z.array(z.number()), counts }),
  /**
   * Scores that outliers.onnx gives to rows it did not see in training, rising: the share of them at or above a score is that row's p value.
   * Null for a bundle without outliers.onnx.
   */
  outliers: z.strictObject({ scores: z.array(z.number()).min(1) }).nullable(),
});
export type Profile = z.infer<typeof profileSchema>;
