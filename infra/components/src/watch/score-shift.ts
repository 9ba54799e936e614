import { metric } from '@repo/contract/metric-name';
import { sumIncrease } from './promql.ts';
import type { RecordingRule } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

const name = 'model:score_shift:ks1h';

/** Fewer scores than this in an hour shift by chance: of 300, two in a hundred thousand hours lie 0.14 or further from where they come from. */
export const fewestScores = 300;

/** Selects the recorded shift of a model, a series for each version. */
export const recordedShift = (model: string): string => `${name}{model="${model}"}`;

/**
 * Distance of the answers of an hour from those to the training rows: the largest difference between the two shares at or below a score, over
 * the bounds of the histogram (Kolmogorov and Smirnov's statistic, so 0 to 1). The service shows the reference of the bundle that it
 * serves, so nothing here changes with a promotion.
 */
export function recordScoreShift({ name: model }: WatchedModel): RecordingRule {
  const atOrBelow = sumIncrease(metric('prediction_score_bucket', { model }), '1h', ['version', 'le']);
  const all = sumIncrease(metric('prediction_score_count', { model }), '1h', ['version']);
  const reference = `max by (version, le) (${metric('prediction_score_reference', { model })})`;
  const served = `${atOrBelow} / on (version) group_left () ${all}`;
  return { record: name, expr: `max by (version) (abs(${served} - on (version, le) ${reference}))`, labels: { model } };
}
