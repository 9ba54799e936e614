import type { RequestHandler, Response } from 'express';
import type { ServiceMetrics } from './app-deps.ts';
import { createExchanges, type Exchange } from './exchange.ts';
import type { Served } from './model-metrics.ts';

/** The exchange that {@link measure} began. */
export const exchangeOf = (response: Response): Exchange | undefined => response.locals.exchange;

/** Counts and times the requests that pass through it. */
export function measure(metrics: ServiceMetrics): RequestHandler {
  const beginExchange = createExchanges(metrics);
  return (_request, response, next) => {
    response.locals.exchange = beginExchange(response);
    next();
  };
}

/** Says which model a response is about. */
export function nameModel(response: Response, model: Served): void {
  const exchange = exchangeOf(response);
  if (exchange !== undefined) exchange.model = model;
}
