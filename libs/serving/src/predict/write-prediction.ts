import type { Prediction } from '@repo/contract/protocol';
import type { FirstAnswer } from './ask-in-turn.ts';
import { isOutlier, type Outlier } from './outlier.ts';

/** The answer as callers get it: the value, who gave it, and every reason why it could be better. */
export function writePrediction(answer: FirstAnswer, outlier: Outlier | null): Prediction {
  const { value, model, row, level, failures } = answer;
  const { threshold } = model.contract;
  const result =
    threshold === null ? { prediction: value } : { probability: value, decision: value >= threshold, threshold };
  const strange = isOutlier(outlier) ? ['outlier'] : [];
  const notAnswered = failures.map((failure) => `${failure.level}:${failure.why}`);
  return {
    ...result,
    model_name: model.name,
    model_version: model.version,
    model_digest: model.digest,
    cutoff: row.cutoff,
    features_as_of: row.featuresAsOf,
    features: row.features.map(({ name, value, status }) => ({ name, value, status })),
    degraded_reasons: [...row.reasons, ...strange, ...notAnswered],
    fallback_level: level,
    outlier,
  };
}
