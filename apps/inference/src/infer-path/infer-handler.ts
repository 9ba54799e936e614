import type { IncomingMessage, ServerResponse } from 'node:http';
import { CallerLeft } from '@repo/serving/caller-left';
import { answerInference, type Inference } from '@repo/serving/protocol/answer-inference';
import type { ServedModel } from '@repo/serving/served-model';
import { validTraceparent } from '@repo/telemetry/tracing';
import type { AppDeps } from '../app-deps.ts';
import { createExchanges } from '../exchange.ts';
import { answerError } from '../handle-error.ts';
import { modelMetrics } from '../model-metrics.ts';
import { readBody } from '../read-body.ts';
import { idOf, requestIdHeader } from '../request-id.ts';
import { sendInference } from './send-inference.ts';

type InferDeps = Pick<AppDeps, 'table' | 'metrics' | 'logger' | 'limits' | 'defaultTimeoutMs' | 'predictionLog'>;

/** Answers a request to run a model; name and version come percent-encoded. Never rejects. */
export type InferHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  version: string | undefined,
) => Promise<void>;

const decode = (part: string): string => (part.includes('%') ? decodeURIComponent(part) : part);

/** What the prediction log gets to know of an answer; resolves when the answer may go out. */
function remember(
  { predictionLog }: InferDeps,
  request: IncomingMessage,
  requestId: string,
  { name, version, digest }: ServedModel,
  { values, record }: Inference,
): Promise<void> | undefined {
  const traceparent = validTraceparent(request.headers.traceparent as string | undefined);
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

/**
 * Makes the handler of POST infer. In this order: the request is counted, its model found, its body read, the model found again, as it
 * may have been swapped meanwhile, run, the answer remembered and sent.
 */
export function createInferHandler(deps: InferDeps): InferHandler {
  const { table, metrics, logger, limits, defaultTimeoutMs } = deps;
  const beginExchange = createExchanges(metrics);
  return async (request, response, encodedName, encodedVersion) => {
    const exchange = beginExchange(response);
    const requestId = idOf(request);
    try {
      const name = decode(encodedName);
      const version = encodedVersion === undefined ? undefined : decode(encodedVersion);
      const entry = table.entry(name, version);
      exchange.model = entry.state === 'ready' ? entry.model : entry;
      table.find(name, version);
      const body = await readBody(request, limits);
      const model = table.find(name, version);
      exchange.model = model;
      const inference = await answerInference(model, {
        body,
        headerLength: request.headers['inference-header-content-length'] as string | undefined,
        maxElements: limits.maxJsonElements,
        arrivedMs: exchange.arrivedMs,
        timeoutMs: model.contract?.serving.timeoutMs ?? defaultTimeoutMs,
        signal: exchange,
      });
      const { decoded, encoded } = modelMetrics(metrics, model);
      decoded(inference.decodedSeconds);
      encoded(inference.encodedSeconds);
      const remembered = remember(deps, request, requestId, model, inference);
      if (remembered !== undefined) await remembered;
      await sendInference(response, inference, requestId, request.headers['accept-encoding']);
    } catch (error) {
      if (error instanceof CallerLeft || response.destroyed) return;
      response.setHeader(requestIdHeader, requestId);
      answerError(logger, exchange, error, request, response);
    }
  };
}
