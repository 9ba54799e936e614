import type { ExperimentMetricName } from '@repo/contract/experiment-metric';
import type { ExperimentMetric, ExperimentPolicy } from '@repo/contract/experiment-policy';

/** A probability of 0 for what happened would make one row infinite; log-loss is cut where the gates cut it. */
const leastProbability = 1e-15;

/** The value of one answer; null while its label is not known. `label` is a number, a yes being 1. */
const metricSql: Readonly<Record<ExperimentMetricName, string>> = {
  // greatest() passes over a null, which here must stay one.
  logLoss: `CASE label WHEN 1 THEN -ln(greatest(probability, ${leastProbability})) WHEN 0 THEN -ln(greatest(1 - probability, ${leastProbability})) END`,
  brier: 'pow(probability - label, 2)',
  wrongDecision: 'CAST(decision <> (label = 1) AS DOUBLE)',
  missed: 'CAST(NOT decision AND label = 1 AS DOUBLE) + 0 * label',
  falseAlarm: 'CAST(decision AND label = 0 AS DOUBLE) + 0 * label',
  absoluteError: 'abs(prediction - label)',
  squaredError: 'pow(prediction - label, 2)',
  bias: 'coalesce(probability, prediction) - label',
  yes: 'CAST(decision AS DOUBLE)',
  fallback: "CAST(level <> 'champion' AS DOUBLE)",
};

/** The metrics of a policy in the order of the evidence: the primary one first. */
export const metricsOf = ({ primary, guardrails }: ExperimentPolicy): ExperimentMetric[] => [
  primary.metric,
  ...guardrails.map(({ metric }) => metric),
];

/** Columns of the events that a policy's metrics are made of, each once. */
export const outcomeColumns = (policy: ExperimentPolicy): string[] => [
  ...new Set(metricsOf(policy).flatMap((metric) => (typeof metric === 'string' ? [] : [metric.column]))),
];

/** SQL of a metric over a row of answer and label, the columns of outcomes being `value_1` and on. */
export function sqlOf(metric: ExperimentMetric, outcomes: readonly string[]): string {
  return typeof metric === 'string' ? metricSql[metric] : `value_${1 + outcomes.indexOf(metric.column)}`;
}
