import { z } from 'zod';
import { durationSchema } from './duration.ts';

const share = z.number().gt(0).lt(1);

/** What makes a model be trained again. Each fires by itself; `false` switches it off. */
const triggersSchema = z.strictObject({
  /** This long after the last run, or after the last day that the champion was tested on. */
  schedule: z.union([z.literal(false), durationSchema]).default('7d'),
  /** New labelled rows since the champion, as a share of all that are older. Default a fifth. */
  volume: z.union([z.literal(false), z.number().gt(0).max(10)]).default(0.2),
  /** Windows in a row in which the realised metric is beyond its limit by its whole interval. */
  quality: z.union([z.literal(false), z.int().min(1).max(30)]).default(2),
  /** Windows in a row in which the estimate without labels is beyond its limit. */
  estimate: z.union([z.literal(false), z.int().min(1).max(30)]).default(3),
  /** Features that page as drifted in two windows in a row, when together they hold this share of the model's importance. */
  drift: z.union([z.literal(false), share]).default(0.2),
  /** The definition, its views or its data contract are others than those that the champion was made from. */
  contractChange: z.boolean().default(true),
});

/** What a window of training data must be like. No command line gets past a guard. */
const guardsSchema = z.strictObject({
  /** Labelled rows that came since the champion's last day of learning; fewer teach nothing. */
  newRows: z.int().min(1).default(1000),
  /** How many times higher or lower the share of positives (or the mean) of the new rows may be than that of the older ones. */
  labelRateRatio: z.number().gt(1).max(100).default(3),
});

/** Days whose data is in doubt. While they are new to the champion no run begins: whoever has looked at them takes the incident out again. */
const incidentSchema = z.strictObject({
  from: z.iso.date(),
  /** Exclusive. */
  to: z.iso.date(),
  reason: z.string().min(1),
});

/** What a model's definition says about being trained again. Nothing has to be said. */
export const retrainingPolicySchema = z
  .strictObject({
    triggers: triggersSchema.prefault({}),
    /** Least time between the starts of two runs. A trigger that flaps fires once within it. */
    coolDown: durationSchema.default('24h'),
    /** Most runs that start within seven days. */
    runsPerWeek: z.int().min(1).max(50).default(3),
    /** A run that has not ended by then counts as killed, and another one may begin. */
    lease: durationSchema.default('2h'),
    guards: guardsSchema.prefault({}),
    window: z
      .strictObject({
        /** Newest days to test on. Default as many as the definition's split has. */
        testDays: z.int().min(1).max(366).optional(),
        /** Days before them to tune on. Default as many as the definition's split has. */
        validateDays: z.int().min(1).max(366).optional(),
        /** Most days before those to learn from. Default all from the first day of the definition's split. */
        trainDays: z.int().min(1).max(36_500).optional(),
      })
      .prefault({}),
    incidents: z.array(incidentSchema).default([]),
  })
  .prefault({});

export type RetrainingPolicy = z.output<typeof retrainingPolicySchema>;
