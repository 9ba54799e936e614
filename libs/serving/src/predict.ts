import { InputError } from '@repo/contract/input-error';
import { formatInstant } from '@repo/contract/instant';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import type { Prediction } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import { type LookUpResult, lookUp } from '@repo/features/look-up';
import type { OnlineStore } from '@repo/features/online-store';
import { infer } from './infer.ts';
import { type Observer, secondsSince } from './observer.ts';
import { isPredictive, type PredictiveModel, type ServedModel } from './served-model.ts';
import { withinTimeout } from './within-timeout.ts';

function parseRequest(model: PredictiveModel, body: unknown): PredictionRequest {
  try {
    return model.bundle.parseRequest(body);
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('invalid_request', error.problems) : error;
  }
}

/** What a lookup refuses in a request that fits the contract is a cut-off before the data begins. */
async function lookUpFeatures(
  model: PredictiveModel,
  request: PredictionRequest,
  store: OnlineStore,
): Promise<LookUpResult> {
  try {
    return await lookUp(model.contract, request, store);
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('cutoff_before_data', error.problems) : error;
  }
}

async function runOne(model: PredictiveModel, values: Float32Array): Promise<number> {
  const [output] = await infer(model, values, 1, [model.contract.output.name]);
  const value = Number(output?.data[0]);
  if (Number.isFinite(value)) return value;
  const path = `outputs.${model.contract.output.name}`;
  throw new ServiceError('output_not_finite', { path, received: String(value) });
}

/**
 * Answers a prediction request: checks it against the contract, looks its features up, runs the model. What the store does not know is
 * missing, never an error, and the answer says so.
 * Throws ServiceError invalid_request, cutoff_before_data, inference_failed, output_not_finite or deadline_exceeded.
 */
export function predict(
  model: ServedModel,
  body: unknown,
  store: OnlineStore,
  observer: Observer,
): Promise<Prediction> {
  if (!isPredictive(model)) {
    throw new ServiceError('unknown_path', {
      path: model.name,
      received: 'predict',
      allowed: 'infer: it has no contract',
    });
  }
  return withinTimeout(model, () => answer(model, body, store, observer));
}

async function answer(
  model: PredictiveModel,
  body: unknown,
  store: OnlineStore,
  observer: Observer,
): Promise<Prediction> {
  const received = performance.now();
  const request = parseRequest(model, body);
  const { features, reasons, readAtUs } = await lookUpFeatures(model, request, store);
  observer.decoded(secondsSince(received));
  const decoded = performance.now();
  const value = await runOne(
    model,
    Float32Array.from(features, ({ code }) => code),
  );
  observer.computed(secondsSince(decoded), 1);
  const { threshold, cutoff } = model.contract;
  const result =
    threshold === null ? { prediction: value } : { probability: value, decision: value >= threshold, threshold };
  return {
    ...result,
    model_name: model.name,
    model_version: model.version,
    model_digest: model.digest,
    cutoff: formatInstant(Number(request[cutoff.column]) - cutoff.leadUs),
    features_as_of: formatInstant(readAtUs),
    features: features.map(({ name, value, status }) => ({ name, value, status })),
    degraded_reasons: reasons,
    fallback_level: 'champion',
    outlier: null,
  };
}
