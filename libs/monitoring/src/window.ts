import { nameSchema } from '@repo/contract/name';
import { z } from 'zod';

const count = z.int().min(0);
const counts = z.array(count);
/** How many values had each status, such as `ok`, `missing`, `stale`, `default`. */
const statuses = z.record(z.string(), count);

const featureWindowSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    /** In the bins of the profile's feature: `counts[i]` values lie in (edges[i - 1], edges[i]]. */
    counts,
    missing: count,
    /** Values that are there and no number. */
    other: count,
    statuses,
  }),
  z.strictObject({
    kind: z.literal('category'),
    /** In the order of the profile's categories. */
    counts,
    missing: count,
    /** Values that training did not have, all of them. */
    other: count,
    /** The most frequent of these with their counts, which may be too low after a merge: each window remembers a few. */
    others: z.record(z.string(), count),
    statuses,
  }),
]);

export type FeatureWindow = z.infer<typeof featureWindowSchema>;

/**
 * What one version answered in a span of time, as whole numbers in bins that the version's profile.json fixes for good: windows of several
 * replicas, hours and days merge by addition, and no order of merging changes a digit.
 */
export const windowSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  version: z.string(),
  /** UTC microseconds; the window holds answers from `fromUs`, up to but without `toUs`. */
  fromUs: z.int(),
  toUs: z.int(),
  /** Answers, by whatever level. */
  rows: count,
  /** By name; empty where the version's profile is not at hand. */
  features: z.record(z.string(), featureWindowSchema),
  /** Who answered: champion, previous, compact, prior. */
  levels: z.record(z.string(), count),
  /** Answers of the champion level in the bins of the profile's answers. */
  answers: counts,
  /** Answers that decided yes. */
  yes: count,
  /** Rows that serving looked at for being outliers, and those that were. */
  outliers: z.strictObject({ judged: count, found: count }),
  /** What has become known of the answers of the champion level that are old enough for almost all labels to be there. */
  labels: z.strictObject({
    /** Such answers, and those of them that have a label. What follows is of the latter. */
    matured: count,
    known: count,
    /** Labels of the other answers: those that come early, which are no fair sample. They are counted, and nothing else. */
    provisional: count,
    /** Labels that are yes, and decisions that were wrong in either way; 0 for a regression. */
    positive: count,
    falsePositive: count,
    falseNegative: count,
    /** Sum of the losses in millionths: log-loss in nats for a classification, absolute errors for a regression. */
    lossMillionths: count,
    /** Labels and yeses among them in the bins of `answers`: calibration. */
    knownByAnswer: counts,
    positiveByAnswer: counts,
  }),
});

export type Window = z.infer<typeof windowSchema>;
