import type { RequestHandler, Response } from 'express';
import type { AppDeps } from './app-deps.ts';
import { createExchanges, type Exchange } from './exchange.ts';
import type { Served } from './model-metrics.ts';
import { refusals, refusing } from './refusals.ts';
import { tooManyRequests } from './turn-budget.ts';

/** The exchange that {@link measure} began. */
export const exchangeOf = (response: Response): Exchange | undefined => response.locals.exchange;

/** Counts, times and traces the requests that pass through it, which are called `name` in traces; refuses those that are too many. */
export function measure(deps: Pick<AppDeps, 'metrics' | 'tracing' | 'turnBudget'>, name: string): RequestHandler {
  const beginExchange = createExchanges(deps, name);
  const handler: RequestHandler = (request, response, next) => {
    const exchange = beginExchange(request, response);
    response.locals.exchange = exchange;
    if (deps.turnBudget.isSpent(exchange.arrivedMs)) throw tooManyRequests();
    if (exchange.trace.traceparent !== undefined) response.setHeader('traceparent', exchange.trace.traceparent);
    next();
  };
  return refusing(handler, refusals.crowd);
}

/** Says which model a response is about. */
export function nameModel(response: Response, model: Served): void {
  const exchange = exchangeOf(response);
  if (exchange !== undefined) exchange.model = model;
}
