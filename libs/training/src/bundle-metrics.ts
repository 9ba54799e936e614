import { FallbackLevel } from '@repo/contract/serving-policy';
import { Task } from '@repo/contract/task';
import { z } from 'zod';
import type { BundleMetrics } from './measure.ts';

const metrics = z.record(z.string(), z.number().nullable());
const interval = z.strictObject({
  estimate: z.number(),
  lower: z.number(),
  upper: z.number(),
  standardError: z.number(),
});
const rows = z.int().min(0);

/** Form of metrics.json in a bundle; {@link BundleMetrics} says what its fields mean. */
export const bundleMetricsSchema: z.ZodType<BundleMetrics> = z.strictObject({
  schemaVersion: z.literal(1),
  task: z.enum(Task),
  rows: z.strictObject({ train: rows, validate: rows, test: rows }),
  validate: metrics,
  test: metrics,
  baselines: z.record(z.string(), z.strictObject({ test: metrics, gain: interval })),
  slices: z.array(z.strictObject({ feature: z.string(), value: z.string(), rows, labelMean: z.number(), metrics })),
  trainer: z.record(z.string(), z.union([z.string(), z.number()])),
  levels: z.array(z.strictObject({ level: z.enum(FallbackLevel), without: z.array(z.string()), rows, metrics })),
  outliers: z.strictObject({ below: z.number(), testShare: z.number() }),
});
