import { z } from 'zod';
import { type GateLimitName, gateLimits } from './gate-limit.ts';
import { gateNames, neverWaived } from './gate-name.ts';
import { columnNameSchema } from './name.ts';
import type { Task } from './task.ts';

/** Metrics of a task, and which side is better. */
export const metricDirection = {
  logLoss: 'lower',
  auc: 'higher',
  prAuc: 'higher',
  brier: 'lower',
  ece: 'lower',
  rmse: 'lower',
  mae: 'lower',
  r2: 'higher',
} as const;
export type GateMetric = keyof typeof metricDirection;

/** The metrics of each task; the first is the primary one unless a definition names another. */
export const taskMetrics = {
  binary: ['logLoss', 'auc', 'prAuc', 'brier', 'ece'],
  regression: ['mae', 'rmse', 'r2'],
} as const satisfies Record<Task, readonly GateMetric[]>;

const metric = z.enum(Object.keys(metricDirection) as [GateMetric, ...GateMetric[]]);
const waivable = gateNames.filter((name) => !(neverWaived as readonly string[]).includes(name));

/** What a model's definition says about its gates. Everything blocks unless it is waived. */
export const gatePolicySchema = z.strictObject({
  /** Decides between candidate and champion. Default logLoss for a classification, mae for a regression. */
  primary: metric.optional(),
  /** How much worse than the champion the primary metric may be, in its own unit. Default 0.005, for a regression 1 % of the champion's. */
  margin: z.number().gt(0).optional(),
  /** What each metric must reach on the test rows, whatever the champion does. */
  floor: z.partialRecord(metric, z.number()).default({}),
  /** From where on a metric is too good to be true. Default AUC 0.97 or R² 0.99. */
  suspicious: z.partialRecord(metric, z.number()).default({}),
  /** Category features whose groups are measured one by one on the test rows. */
  slices: z.array(columnNameSchema),
  /** Category features whose groups must be treated alike. */
  protected: z.array(columnNameSchema).default([]),
  /** Limits that differ from {@link gateLimits}, each with its reason. */
  limits: z
    .partialRecord(
      z.enum(Object.keys(gateLimits) as [GateLimitName, ...GateLimitName[]]),
      z.strictObject({ at: z.number(), reason: z.string().min(1) }),
    )
    .default({}),
  /** Gates that may be red for a while; at most 30 days ahead of the day on which the verdict is asked for. */
  waivers: z
    .array(
      z.strictObject({
        gate: z.enum(waivable),
        reason: z.string().min(1),
        approver: z.string().min(1),
        /** Last day, UTC. */
        expires: z.iso.date(),
      }),
    )
    .default([]),
});

export type GatePolicy = z.output<typeof gatePolicySchema>;
export type Waiver = GatePolicy['waivers'][number];
