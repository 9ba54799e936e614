import { z } from 'zod';
import { type ExperimentMetricName, experimentMetrics } from './experiment-metric.ts';
import { columnNameSchema, nameSchema } from './name.ts';

/** Percent in steps of 0.01: units fall into 10,000 buckets. */
const percent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9, {
    error: 'a percentage in steps of 0.01',
  });

const metricNames = Object.keys(experimentMetrics) as [ExperimentMetricName, ...ExperimentMetricName[]];

/** A metric of every model, or a column of the events that becomes known later: what people did with the answer. */
const metric = z.union([
  z.enum(metricNames),
  z.strictObject({ column: columnNameSchema, good: z.enum(['lower', 'higher']) }),
]);

/**
 * What a model's definition says about an experiment: which versions answer for whom, what was expected beforehand, and what decides. It
 * changes no bundle.
 */
export const experimentPolicySchema = z.strictObject({
  name: nameSchema,
  /** What units are hashed with. Default: the name. Another salt shuffles them anew, so never change it while the experiment runs. */
  salt: z.string().min(1).max(100).optional(),
  /** What is expected, written before there are results. */
  hypothesis: z.string().min(1),
  /** Column of the request that stays on one arm: the entity that is compared, and counted. */
  unit: columnNameSchema,
  /** Share of units that take part, in percent. Raising it takes more units in and moves none from arm to arm. Default 100. */
  traffic: percent.default(100),
  /** The first arm is the control. Weights are shares of those who take part, in percent, and sum to 100. */
  arms: z
    .array(
      z.strictObject({
        /** `champion`, whichever that is, or a version of the registry. */
        version: z.union([z.literal('champion'), z.int().min(1)], { error: '"champion" or a version number' }),
        weight: percent,
        /** Default: `champion` or `version-2`. */
        name: nameSchema.optional(),
      }),
    )
    .min(2)
    .max(5),
  /** Decides. `margin`: how much worse an arm may be, in the unit of the metric; 0, the default, asks it to be better. */
  primary: z.strictObject({ metric, margin: z.number().min(0).default(0) }),
  /** What must not get worse by more than its margin, whatever the primary metric says. */
  guardrails: z
    .array(z.strictObject({ metric, margin: z.number().gt(0) }))
    .max(10)
    .default([]),
  horizon: z.strictObject({
    /** Units of all arms together that the experiment is planned for; intervals are narrowest about there. */
    units: z.int().min(100),
    /** No pass before so many days: a week has every weekday. Default 7. */
    minDays: z.int().min(0).max(365).default(7),
  }),
  /** Probability of a wrong outcome, over all looks. Default 0.05. */
  alpha: z.number().gt(0).max(0.2).default(0.05),
  /** A version that scores every answered request as well, after the answer; its scores are compared and logged, never served. */
  shadow: z.int().min(1).optional(),
});

export type ExperimentPolicy = z.output<typeof experimentPolicySchema>;
export type ExperimentMetric = z.output<typeof metric>;

/** Name of an arm: in headers, metrics and the prediction log. */
export const armName = ({ name, version }: ExperimentPolicy['arms'][number]): string =>
  name ?? (version === 'champion' ? 'champion' : `version-${version}`);
