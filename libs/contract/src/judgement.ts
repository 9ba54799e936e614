import { z } from 'zod';
import { nameSchema } from './name.ts';

/** What the judge says of a canary. Argo Rollouts goes on at `pass`, rolls back at `fail`, and waits for a person at anything else. */
export const Verdict = { pass: 'pass', fail: 'fail', inconclusive: 'inconclusive' } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** What the judge compares, each by its own test; all of them together err within one stated rate. */
export const JudgedMetric = {
  /** Share of requests answered with 5xx or past their deadline. */
  errors: 'errors',
  /** Share of requests that took longer than the stable side's 99th percentile. */
  latency: 'latency',
  /** Where the scores lie, on traffic that both sides take from the same stream. */
  scores: 'scores',
  /** Share of predictions that a lower level answered. */
  fallback: 'fallback',
  /** Share of logged predictions that the candidate's own model, asked again offline with the same features, does not give. */
  agreement: 'agreement',
  /** Share of requests refused as the caller's mistake, 4xx. Holds a canary up and rolls none back: whose mistake it is nobody counts. */
  refused: 'refused',
  /** Whether requests reach the two sides in the ratio of their replicas. */
  sampleRatio: 'sample-ratio',
} as const;
export type JudgedMetric = (typeof JudgedMetric)[keyof typeof JudgedMetric];

const text = z.string().max(2000);
const count = z.number().min(0);

const metric = z.strictObject({
  metric: z.enum(JudgedMetric),
  /** `not-applicable`: this model has nothing to compare, such as scores of a regression. */
  outcome: z.enum({ ...Verdict, notApplicable: 'not-applicable' }),
  /** Canary less stable, in the unit; null where nothing was seen. */
  effect: z.number().nullable(),
  /** Interval of the effect that holds at every look at once; null where nothing was seen. */
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** What the effect may at most be. */
  margin: z.number().nullable(),
  unit: z.string().max(40),
  /** How many requests or predictions of each side it rests on. */
  samples: z.strictObject({ stable: count, canary: count }),
  /** One sentence: what was found. */
  detail: text,
});

const side = z.strictObject({
  /** Hash that Argo Rollouts labels the pods of this side with. */
  podHash: z.string().max(63),
  /** Bundle versions that its pods serve; more than one while they change. */
  versions: z.array(z.string().max(63)).max(20),
});

/** One look of the judge at a canary, as Argo Rollouts, `causeway judge --json` and the issue of a rollback carry it. */
export const judgementSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  stable: side,
  canary: side,
  /** When the canary began to take requests, and when it was looked at; ISO 8601. */
  since: z.iso.datetime(),
  at: z.iso.datetime(),
  verdict: z.enum(Verdict),
  /** One sentence for people: which metric decided, or what is still missing. */
  reason: text,
  metrics: z.array(metric).max(20),
});

export type Judgement = z.output<typeof judgementSchema>;
export type MetricJudgement = Judgement['metrics'][number];
