import { z } from 'zod';
import { durationSchema, microseconds } from './duration.ts';
import { type GateMetric, metricDirection, taskMetrics } from './gate-policy.ts';
import type { Problem } from './input-error.ts';
import { show } from './input-error.ts';
import { metrics } from './metric.ts';
import type { Task } from './task.ts';

const share = z.number().gt(0).lt(1);
const metric = z.enum(Object.keys(metricDirection) as [GateMetric, ...GateMetric[]]);

/** What wrong decisions cost the people who use them: known once the label is. */
const businessMetricSchema = z.strictObject({
  /** Such as `missedDelayCost`: the name of its series and findings. */
  name: z.string().regex(/^[a-z][A-Za-z0-9]{0,49}$/, { error: 'a name such as missedDelayCost' }),
  about: z.string().min(1),
  /** Of the cost, such as EUR or minutes. */
  unit: z.string().min(1).max(20),
  /** Cost of a yes that was answered with no, and of a no that was answered with yes. */
  falseNegative: z.number().min(0),
  falsePositive: z.number().min(0),
  /** Most cost per 1,000 decisions. */
  limit: z.number().gt(0),
});

export type BusinessMetric = z.output<typeof businessMetricSchema>;

/** How quality is watched once labels arrive, and before. */
const qualityPolicySchema = z
  .strictObject({
    /** Span of one window of traffic; whole windows divide a day or are whole days. */
    window: durationSchema.default('1d'),
    /** Span of answers, back from now, that a realised metric is taken from: its interval resamples their days. */
    over: durationSchema.default('14d'),
    /** Where each realised metric must stay. Default: the floors of the gates. */
    limits: z.partialRecord(metric, z.number()).optional(),
    /** Share of labels that must be known for a window to be matured; the others are known later than almost all. */
    maturity: z.number().gt(0.5).lt(1).default(0.95),
    /** Fewer answers with a label give no verdict. */
    minRows: z.int().min(30).default(200),
  })
  .prefault({});

/** What a model's definition says about how it is watched: alerts and the lines of dashboards are derived from it. */
export const monitoringPolicySchema = z
  .strictObject({
    objectives: z
      .strictObject({
        /** Share of requests over 30 days that are not answered with 5xx. Under 0.95 no outage could burn its budget fast. */
        availability: z.number().min(0.95).max(0.99999).default(0.999),
        /**
         * Milliseconds within which 99 % of the requests over 30 days are answered: a bound of the histogram of durations, so that the share is
         * counted and not estimated. Default: the largest bound within half of `serving.timeoutMs`.
         */
        latencyP99Ms: z.number().gt(0).optional(),
        /** Most predictions that anybody but the champion may answer, as a share. */
        fallbackShare: share.default(0.05),
        /** Most feature values that may be missing, as a share of all; training has its own, see profile.json. */
        missingFeatureShare: share.default(0.1),
        /** Most feature values that may be older than the TTL of their view: as a share of all that are looked up, or, in the alert FeaturesStale, of all. */
        staleFeatureShare: share.default(0.05),
        /** Largest distance of an hour's answers from those to the training rows: Kolmogorov and Smirnov's, 0 to 1. Classifications only. */
        scoreShift: share.default(0.2),
        /** Least share of the answers that are old enough which have a label. 0 where no labels are awaited, or nobody wants to know. */
        labelCoverage: z.number().min(0).lt(1).default(0.9),
      })
      .prefault({}),
    quality: qualityPolicySchema,
    /** What wrong decisions cost; classifications only. */
    business: z.array(businessMetricSchema).max(10).default([]),
  })
  .prefault({});

export type MonitoringPolicy = z.output<typeof monitoringPolicySchema>;

/** What the functions below take from a model definition. */
interface Watched {
  readonly serving: { readonly timeoutMs: number };
  readonly monitoring: MonitoringPolicy;
}

const dayUs = microseconds('1d');

/** What is wrong about quality and business; see {@link checkMonitoringPolicy}. */
function checkQuality(label: string, { objectives, quality, business }: MonitoringPolicy, task: Task): Problem[] {
  const problems: Problem[] = [];
  const windowUs = microseconds(quality.window);
  if (windowUs < microseconds('1m') || (dayUs % windowUs !== 0 && windowUs % dayUs !== 0)) {
    const allowed = 'a part of a day such as 1h or 6h, or whole days';
    const path = `${label}.monitoring.quality.window`;
    problems.push({ path, received: show(quality.window), allowed, action: 'choose one of these' });
  }
  if (objectives.labelCoverage > quality.maturity) {
    // So many are there when an answer counts as matured, and no more are asked for.
    const allowed = `at most quality.maturity, ${quality.maturity}`;
    const path = `${label}.monitoring.objectives.labelCoverage`;
    problems.push({ path, received: show(objectives.labelCoverage), allowed, action: 'lower it' });
  }
  const known: readonly string[] = taskMetrics[task];
  for (const name of Object.keys(quality.limits ?? {}).filter((one) => !known.includes(one))) {
    const path = `${label}.monitoring.quality.limits.${name}`;
    problems.push({ path, received: show(name), allowed: known.join(', '), action: 'name a metric of the task' });
  }
  if (business.length > 0 && task !== 'binary') {
    const received = `${business.length} of a ${task}`;
    const allowed = 'nothing: only decisions can be wrong';
    problems.push({ path: `${label}.monitoring.business`, received, allowed, action: 'leave it out' });
  }
  const names = business.map(({ name }) => name);
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i))) {
    const path = `${label}.monitoring.business`;
    problems.push({ path, received: `${show(name)} twice`, allowed: 'each name once', action: 'rename one' });
  }
  return problems;
}

const { buckets } = metrics.inference_request_duration_seconds;
/** Rounded: 0.0005 s times 1000 is not quite 0.5. */
const toMs = (seconds: number): number => Number((seconds * 1000).toPrecision(12));
const boundsMs = buckets.map(toMs);

/** The model's objective of latency in seconds: a bound of `inference_request_duration_seconds`, as the histogram writes it. */
export function latencyObjectiveSeconds({ serving, monitoring }: Watched): number {
  const { latencyP99Ms } = monitoring.objectives;
  const named = buckets.find((bound) => toMs(bound) === latencyP99Ms);
  return named ?? buckets.findLast((bound) => toMs(bound) <= serving.timeoutMs / 2) ?? buckets[0];
}

/** What is wrong between a monitoring policy and the rest of its definition. `label` names the model. */
export function checkMonitoringPolicy(
  label: string,
  { serving, monitoring }: Watched,
  task: Task = 'binary',
): Problem[] {
  const { latencyP99Ms } = monitoring.objectives;
  const allowed = boundsMs.filter((bound) => bound <= serving.timeoutMs);
  const others = checkQuality(label, monitoring, task);
  if (latencyP99Ms === undefined || allowed.includes(latencyP99Ms)) return others;
  return [
    ...others,
    {
      path: `${label}.monitoring.objectives.latencyP99Ms`,
      received: show(latencyP99Ms),
      allowed: `${allowed.join(', ')}: the bounds of inference_request_duration_seconds within serving.timeoutMs`,
      action: 'take the next bound',
    },
  ];
}
