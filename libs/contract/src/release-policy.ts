import { z } from 'zod';
import { durationSchema } from './duration.ts';

const share = z.number().gt(0).lt(1);

/** How much worse a canary may be before it is rolled back; each is a difference of shares, canary less stable. */
const marginsSchema = z.strictObject({
  /** Requests answered with 5xx or past their deadline. Default 0.001: one in a thousand more. */
  errors: share.default(0.001),
  /** Requests slower than the stable side's 99th percentile, beyond the 1 % that are so by definition. Default 0.01: twice as many. */
  latency: share.default(0.01),
  /** Largest difference of the two distributions of scores, as Kolmogorov and Smirnov measure it. Default 0.15; a retrained model moves its scores a little. */
  scores: share.default(0.15),
  /** Predictions that a lower level answered. Default 0.005. */
  fallback: share.default(0.005),
  /** Logged predictions that the candidate's own model does not give again. Default 0.01. */
  agreement: share.default(0.01),
  /** Requests refused as the caller's mistake (4xx). Default 0.01. Beyond it the canary waits for a person. */
  refused: share.default(0.01),
  /** Share of the requests that reach the canary, away from its share of the replicas. Default 0.1, as connections that live long are not spread evenly. */
  sampleRatio: share.default(0.1),
});

/** What a model's definition says about its release. Only `steps` has to be said. */
export const releasePolicySchema = z.strictObject({
  /** Shares of replicas, in percent, that a release goes through; the last is 100. */
  steps: z.array(z.int().min(1).max(100)).min(1),
  /** How often the judge looks at the canary. Its error rate holds however often that is. */
  look: durationSchema.default('1m'),
  /** Requests of each side before the judge says anything but inconclusive. */
  minRequests: z.int().min(50).max(1_000_000).default(300),
  /** Requests of each side from which on a canary passes without evidence of harm; before, only when harm beyond every margin is excluded. */
  plannedRequests: z.int().min(50).max(100_000_000).default(1000),
  /** A canary that is still inconclusive by then stays where it is and waits for a person. */
  deadline: durationSchema.default('1h'),
  /** How often a canary that is worse by no more than its margins may be rolled back, all metrics and looks together. */
  alpha: z.number().min(0.0001).max(0.1).default(0.01),
  margins: marginsSchema.prefault({}),
});

export type ReleasePolicy = z.output<typeof releasePolicySchema>;
export type ReleaseMargins = ReleasePolicy['margins'];
