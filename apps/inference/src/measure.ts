import type { FeatureStatus } from '@repo/contract/model-contract';
import type { Observer } from '@repo/serving/observer';
import type { RequestHandler, Response } from 'express';
import type { ServiceMetrics } from './app-deps.ts';
import { beginExchange, type Exchange } from './exchange.ts';
import { modelMetrics, type Served } from './model-metrics.ts';

/** The exchange that {@link measure} began. */
export const exchangeOf = (response: Response): Exchange | undefined => response.locals.exchange;

/** Counts and times the requests that pass through it. */
export function measure(metrics: ServiceMetrics): RequestHandler {
  return (_request, response, next) => {
    response.locals.exchange = beginExchange(metrics, response);
    next();
  };
}

/** Says which model a response is about. */
export function nameModel(response: Response, model: Served): void {
  const exchange = exchangeOf(response);
  if (exchange !== undefined) exchange.model = model;
}

/** An observer that puts what it hears about a model into the metrics. */
export function metricsObserver(metrics: ServiceMetrics, model: Served): Observer {
  const labels = { model: model.name, version: model.version };
  return {
    decoded: modelMetrics(metrics, model).decoded,
    computed: (seconds, rows) => {
      metrics.observe('inference_compute_duration_seconds', labels, seconds);
      metrics.observe('inference_batch_size', labels, rows);
    },
  };
}

/** Counts the features of a prediction by status. */
export function countFeatures(
  metrics: ServiceMetrics,
  { name, version }: Served,
  features: readonly { status: FeatureStatus }[],
): void {
  for (const { status } of features) metrics.increment('feature_values_total', { model: name, version, status });
}
