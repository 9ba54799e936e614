import type { IncomingMessage, ServerResponse } from 'node:http';
import { ServiceError } from '@repo/contract/service-error';
import { CallerLeft } from '@repo/serving/caller-left';
import { answerInference, type Inference } from '@repo/serving/protocol/answer-inference';
import type { ServedModel } from '@repo/serving/served-model';
import type { RequestTrace } from '@repo/telemetry/tracing';
import type { AppDeps } from '../app-deps.ts';
import { createExchanges } from '../exchange.ts';
import { answerError } from '../handle-error.ts';
import { modelMetrics } from '../model-metrics.ts';
import { readBody } from '../read-body.ts';
import { idOf, requestIdHeader } from '../request-id.ts';
import type { EndOfTurn } from './end-of-turn.ts';
import { sendInference } from './send-inference.ts';
import type { TurnedAway } from './turned-away.ts';

type InferDeps = Pick<
  AppDeps,
  'table' | 'metrics' | 'tracing' | 'authorize' | 'logger' | 'limits' | 'defaultTimeoutMs' | 'predictionLog'
>;

/** Answers a request to run a model; name and version come percent-encoded. Never rejects. */
export type InferHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  version: string | undefined,
) => Promise<void>;

const decode = (part: string): string => (part.includes('%') ? decodeURIComponent(part) : part);

const timeoutOf = ({ contract }: ServedModel, defaultTimeoutMs: number): number =>
  contract?.serving.timeoutMs ?? defaultTimeoutMs;

/** What the prediction log gets to know of an answer; resolves when the answer may go out. */
function remember(
  { predictionLog }: InferDeps,
  { traceparent }: RequestTrace,
  requestId: string,
  { name, version, digest }: ServedModel,
  { values, record }: Inference,
): Promise<void> | undefined {
  return predictionLog.append({
    requestId,
    model: name,
    version,
    digest,
    level: 'champion',
    kind: 'infer',
    traceparent,
    values,
    data: record,
  });
}

/** Puts the parts of an answer where they are looked for; `times` are those of its run. */
function report({ metrics }: InferDeps, trace: RequestTrace, model: ServedModel, inference: Inference): void {
  const { decodedSeconds, times, encodedSeconds } = inference;
  const { decoded, encoded } = modelMetrics(metrics, model);
  decoded(decodedSeconds);
  encoded(encodedSeconds);
  const { queuedSeconds, computedSeconds } = times;
  const sinceRun = encodedSeconds + computedSeconds;
  trace.part('decode', decodedSeconds, sinceRun + queuedSeconds);
  trace.part('queue', queuedSeconds, sinceRun);
  trace.part('run', computedSeconds, encodedSeconds);
  trace.part('encode', encodedSeconds);
}

/** Asks a model whether it takes another request; throws what it refuses with, which then holds for the rest of the turn. */
function admit(model: ServedModel, deadlineMs: number, url: string, turnedAway: TurnedAway): void {
  try {
    model.admit(deadlineMs);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 503)
      turnedAway.remember(url, { error, model, retryAfterSeconds: () => model.retryAfterSeconds() });
    throw error;
  }
}

/**
 * Makes the handler of POST infer. In this order: the request is counted, its key checked, its model found and asked whether it takes
 * more, its body read, the model found again, as it may have been swapped meanwhile, run, the answer remembered and sent.
 */
export function createInferHandler(deps: InferDeps, endOfTurn: EndOfTurn, turnedAway: TurnedAway): InferHandler {
  const { table, authorize, logger, limits, defaultTimeoutMs } = deps;
  const beginExchange = createExchanges(deps, 'infer');
  return async (request, response, encodedName, encodedVersion) => {
    const exchange = beginExchange(request, response);
    const { traceparent } = exchange.trace;
    const requestId = idOf(request);
    try {
      const name = decode(encodedName);
      const version = encodedVersion === undefined ? undefined : decode(encodedVersion);
      const access = authorize(request.headers, name);
      if (access instanceof Promise) await access;
      const entry = table.entry(name, version);
      exchange.model = entry.state === 'ready' ? entry.model : entry;
      const first = table.find(name, version);
      const deadlineMs = exchange.arrivedMs + timeoutOf(first, defaultTimeoutMs);
      admit(first, deadlineMs, request.url as string, turnedAway);
      const body = await readBody(request, limits);
      const model = table.find(name, version);
      exchange.model = model;
      const inference = await answerInference(model, {
        body,
        headerLength: request.headers['inference-header-content-length'] as string | undefined,
        maxElements: limits.maxJsonElements,
        arrivedMs: exchange.arrivedMs,
        timeoutMs: timeoutOf(model, defaultTimeoutMs),
        logged: deps.predictionLog.isOff !== true,
        signal: exchange,
      });
      report(deps, exchange.trace, model, inference);
      const remembered = remember(deps, exchange.trace, requestId, model, inference);
      if (remembered !== undefined) await remembered;
      const ids = { requestId, traceparent };
      await sendInference(response, inference, ids, request.headers['accept-encoding']);
    } catch (error) {
      if (error instanceof CallerLeft || response.destroyed) return;
      const refuse = () => {
        response.setHeader(requestIdHeader, requestId);
        if (traceparent !== undefined) response.setHeader('traceparent', traceparent);
        answerError(logger, exchange, error, request, response);
      };
      if (error instanceof ServiceError && error.status === 503) endOfTurn(refuse);
      else refuse();
    }
  };
}
