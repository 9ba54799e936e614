import type { ModelObserver } from '@repo/serving/model-observer';
import type { LoadEvent } from '@repo/serving/open-lineup';
import type { Logger } from '@repo/telemetry/logger';
import type { ServiceMetrics } from './app-deps.ts';

/** Puts what becomes of a load into the metrics and the log. */
export function reportLoad(event: LoadEvent, metrics: ServiceMetrics, logger: Logger): void {
  if (event.kind === 'opened') {
    const { model, seconds } = event;
    const labels = { model: model.name, version: model.version };
    metrics.observe('model_load_duration_seconds', labels, seconds);
    for (const result of ['swapped', 'failed'])
      metrics.increment('model_reloads_total', { model: model.name, result }, 0);
    const facts = { digest: model.digest, executor: model.executor, max_batch_size: model.maxBatchSize, seconds };
    logger.info({ ...labels, ...facts }, 'model ready');
  } else if (event.kind === 'swapped') {
    metrics.increment('model_reloads_total', { model: event.name, result: 'swapped' });
    logger.info({ model: event.name, from: event.from, to: event.to }, 'model swapped');
  } else if (event.serves === null) {
    logger.error({ model: event.name, version: event.version, reason: event.reason }, 'model not served');
  } else {
    metrics.increment('model_reloads_total', { model: event.name, result: 'failed' });
    const facts = { model: event.name, version: event.version, serves: event.serves, reason: event.reason };
    logger.error(facts, 'model not swapped');
  }
}

/** Puts the runs of a model into the metrics. */
export function observeRuns(metrics: ServiceMetrics, name: string, version: string): ModelObserver {
  const labels = { model: name, version };
  const queued = metrics.bindHistogram('inference_queue_duration_seconds', labels);
  const computed = metrics.bindHistogram('inference_compute_duration_seconds', labels);
  const rowsOfRun = metrics.bindHistogram('inference_batch_size', labels);
  metrics.increment('worker_restarts_total', labels, 0);
  return {
    queued,
    ran: (seconds, rows) => {
      computed(seconds);
      rowsOfRun(rows);
    },
    restarted: () => metrics.increment('worker_restarts_total', labels),
  };
}
