import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '@repo/contract/error-catalogue';
import type { ServiceMetrics } from './app-deps.ts';
import { modelMetrics, type Served } from './model-metrics.ts';

/** One request about a model, from its arrival to the last byte of its answer; the signal of its job. */
export interface Exchange {
  /** Moment of arrival, as performance.now() reads it. */
  readonly arrivedMs: number;
  /** True once the client has left without its answer. */
  aborted: boolean;
  /** The model that it is about, once that is known. */
  model: Served | null;
  /** The catalogue's code of the answer, when it is an error. */
  refused: ErrorCode | null;
}

/** Returns a function that begins to count and time a request; the rest happens when its response closes. */
export function createExchanges(metrics: ServiceMetrics): (response: ServerResponse) => Exchange {
  const moveInflight = metrics.bindGauge('inference_inflight', {});
  return (response) => {
    const exchange: Exchange = { arrivedMs: performance.now(), aborted: false, model: null, refused: null };
    moveInflight(1);
    response.once('close', () => {
      exchange.aborted = !response.writableFinished;
      moveInflight(-1);
      const { answered, rejected } = modelMetrics(metrics, exchange.model);
      answered(exchange.aborted ? 499 : response.statusCode, exchange.arrivedMs);
      if (exchange.refused !== null) rejected(exchange.refused);
    });
    return exchange;
  };
}
