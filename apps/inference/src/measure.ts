import type { FeatureStatus } from '@repo/contract/model-contract';
import { type Observer, secondsSince } from '@repo/serving/observer';
import type { ServedModel } from '@repo/serving/served-model';
import type { RequestHandler, Response } from 'express';
import type { ServiceMetrics } from './app-deps.ts';
import { errorCodeOf } from './handle-error.ts';

interface ModelLabels {
  readonly model: string;
  readonly version: string;
}

/** Labels of a served model. Names that a caller invented never become labels: there is no end of them. */
const labelsOf = ({ name, version }: Pick<ServedModel, 'name' | 'version'>): ModelLabels => ({ model: name, version });

/** Says which model a response is about. */
export function nameModel(response: Response, model: Pick<ServedModel, 'name' | 'version'>): void {
  response.locals.labels = labelsOf(model);
}

/** Counts and times the requests that pass through it. */
export function measure(metrics: ServiceMetrics): RequestHandler {
  return (_request, response, next) => {
    const began = performance.now();
    metrics.add('inference_inflight', {}, 1);
    response.on('close', () => {
      metrics.add('inference_inflight', {}, -1);
      const labels: ModelLabels = response.locals.labels ?? { model: '', version: '' };
      const code = response.writableFinished ? String(response.statusCode) : '499';
      metrics.increment('inference_requests_total', { ...labels, code });
      metrics.observe('inference_request_duration_seconds', labels, secondsSince(began));
      const reason = errorCodeOf(response);
      if (reason !== undefined) metrics.increment('inference_rejected_total', { ...labels, reason });
    });
    next();
  };
}

/** An observer that puts what it hears about a model into the metrics. */
export function metricsObserver(metrics: ServiceMetrics, model: ServedModel): Observer {
  const labels = labelsOf(model);
  return {
    decoded: (seconds) => metrics.observe('inference_decode_duration_seconds', labels, seconds),
    computed: (seconds, rows) => {
      metrics.observe('inference_compute_duration_seconds', labels, seconds);
      metrics.observe('inference_batch_size', labels, rows);
    },
  };
}

/** Counts the features of a prediction by status. */
export function countFeatures(
  metrics: ServiceMetrics,
  model: ServedModel,
  features: readonly { status: FeatureStatus }[],
): void {
  for (const { status } of features) metrics.increment('feature_values_total', { ...labelsOf(model), status });
}
