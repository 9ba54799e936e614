import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ErrorCode } from '@repo/contract/error-catalogue';
import type { RequestTrace } from '@repo/telemetry/tracing';
import type { AppDeps } from './app-deps.ts';
import { modelMetrics, type Served } from './model-metrics.ts';

/** One request about a model, from its arrival to the last byte of its answer; the signal of its job. */
export interface Exchange {
  /** Moment of arrival, as performance.now() reads it. */
  readonly arrivedMs: number;
  readonly trace: RequestTrace;
  /** True once the client has left without its answer. */
  aborted: boolean;
  /** The model that it is about, once that is known. */
  model: Served | null;
  /** The catalogue's code of the answer, when it is an error. */
  refused: ErrorCode | null;
}

/** Begins to count, time and trace a request; the rest happens when its response closes. */
export type BeginExchange = (request: IncomingMessage, response: ServerResponse) => Exchange;

/** Status of a request whose client left first, in metrics and traces only. */
const clientLeft = 499;

/** `name` is what the requests are called in traces. */
export function createExchanges(
  { metrics, tracing }: Pick<AppDeps, 'metrics' | 'tracing'>,
  name: string,
): BeginExchange {
  const moveInflight = metrics.bindGauge('inference_inflight', {});
  return (request, response) => {
    const exchange: Exchange = {
      arrivedMs: performance.now(),
      trace: tracing.begin(name, request.headers.traceparent as string | undefined),
      aborted: false,
      model: null,
      refused: null,
    };
    moveInflight(1);
    response.once('close', () => {
      exchange.aborted = !response.writableFinished;
      moveInflight(-1);
      const { model, refused, trace } = exchange;
      const status = exchange.aborted ? clientLeft : response.statusCode;
      const { answered, rejected } = modelMetrics(metrics, model);
      answered(status, exchange.arrivedMs);
      if (refused !== null) rejected(refused);
      trace.end({ model: model?.name ?? '', version: model?.version ?? '', status }, status >= 500);
    });
    return exchange;
  };
}
