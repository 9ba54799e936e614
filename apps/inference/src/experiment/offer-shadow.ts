import type { Prediction } from '@repo/contract/protocol';
import type { Exposure } from '@repo/serving/prediction-log';
import type { PredictiveModel } from '@repo/serving/served-model';
import type { Response } from 'express';
import type { AppDeps } from '../app-deps.ts';
import { requestIdOf } from '../request-id.ts';
import { servedTrial } from './served-trial.ts';

type ShadowDeps = Pick<AppDeps, 'table' | 'metrics' | 'predictionLog' | 'shadow'>;

/** Further apart than two machines are that run the same model. */
const sameUpTo = 1e-6;

const scoreOf = (prediction: Prediction): number =>
  'probability' in prediction ? prediction.probability : prediction.prediction;

/** How two answers to one request differ. */
function compare(served: Prediction, shadow: Prediction): 'same' | 'differs' | 'flipped' {
  if ('decision' in served && 'decision' in shadow && served.decision !== shadow.decision) return 'flipped';
  return Math.abs(scoreOf(served) - scoreOf(shadow)) <= sameUpTo ? 'same' : 'differs';
}

/** It answers nobody. */
const exposures = new Map<string, Exposure>();
function shadowExposure(experiment: string): Exposure {
  const known = exposures.get(experiment) ?? { experiment, variant: 'shadow', propensity: 0 };
  exposures.set(experiment, known);
  return known;
}

/**
 * Once an answer is out, has the shadow version score the same request, and counts and logs how they differ. What a lower level answered is
 * not compared: it is not the version's own.
 */
export function offerShadow(
  { table, metrics, predictionLog, shadow }: ShadowDeps,
  response: Response,
  experiment: string,
  version: PredictiveModel,
  { body, served }: { readonly body: unknown; readonly served: Prediction },
): void {
  if (served.fallback_level !== 'champion' || served.model_version === version.version) return;
  // Swapped away while the answer was made.
  if (servedTrial(table, version.name)?.shadow !== version) return;
  const labels = { model: version.name, version: served.model_version, shadow: version.version };
  const requestId = requestIdOf(response);
  const { release } = table.hold(version.name, version.version);
  const record = (prediction: Prediction) => {
    const result = compare(served, prediction);
    metrics.increment('shadow_comparisons_total', { ...labels, result });
    if ('probability' in prediction && 'probability' in served)
      metrics.observe('shadow_score_difference', labels, Math.abs(prediction.probability - served.probability));
    // Nobody waits for it, so that a durable log that fails is told of by its counter.
    void predictionLog
      .append({
        id: `${requestId}.shadow`,
        requestId,
        model: version.name,
        version: version.version,
        digest: version.digest,
        level: prediction.fallback_level,
        kind: 'shadow',
        exposure: shadowExposure(experiment),
        data: () => ({ request: body, answer: prediction }),
      })
      ?.catch(() => undefined);
  };
  response.once('close', () =>
    shadow.offer({
      shadow: version,
      body,
      done: (outcome) => {
        release();
        if (outcome !== null && 'prediction' in outcome) return record(outcome.prediction);
        metrics.increment('shadow_comparisons_total', { ...labels, result: outcome === null ? 'dropped' : 'failed' });
      },
    }),
  );
}
