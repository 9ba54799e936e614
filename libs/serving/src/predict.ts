import { InputError } from '@repo/contract/input-error';
import { formatInstant } from '@repo/contract/instant';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import type { Prediction } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import { degradedReasons } from './degraded-reasons.ts';
import { infer } from './infer.ts';
import { type LookedUp, lookUp, type OnlineStore } from './look-up.ts';
import { type Observer, secondsSince } from './observer.ts';
import type { ServedModel } from './served-model.ts';

export { type OnlineStore, openOnlineStore } from './look-up.ts';

function parseRequest(model: ServedModel, body: unknown): PredictionRequest {
  try {
    return model.parseRequest(body);
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('invalid_request', error.problems) : error;
  }
}

/** The instant up to which features may be known. Throws ServiceError cutoff_before_data. */
function cutoffOf({ contract }: ServedModel, request: PredictionRequest): number {
  const { column, leadUs } = contract.cutoff;
  const cutoffUs = Number(request[column]) - leadUs;
  const { dataBeginsUs } = contract;
  if (cutoffUs >= dataBeginsUs) return cutoffUs;
  throw new ServiceError('cutoff_before_data', {
    path: `request.${column}`,
    received: formatInstant(cutoffUs + leadUs),
    allowed: `${formatInstant(dataBeginsUs + leadUs)} or later, as the data begins at ${formatInstant(dataBeginsUs)}`,
  });
}

/** The features as people read them: a category by its name, missing as null. */
function describeFeatures({ contract }: ServedModel, { values, statuses }: LookedUp): Prediction['features'] {
  return contract.features.map(({ name, categories }, i) => {
    const value = values[i] as number;
    const shown = Number.isNaN(value) ? null : (categories?.[value] ?? value);
    return { name, value: shown, status: statuses[i] as (typeof statuses)[number] };
  });
}

async function runOne(model: ServedModel, values: Float32Array): Promise<number> {
  const [output] = await infer(model, values, 1);
  const value = Number(output?.data[0]);
  if (Number.isFinite(value)) return value;
  const path = `outputs.${model.contract.output.name}`;
  throw new ServiceError('output_not_finite', { path, received: String(value) });
}

/**
 * Answers a prediction request: checks it against the contract, looks its features up as they were known at the cut-off, runs the model.
 * What the store does not know is missing, never an error, and the answer says so; so it is without a store.
 * Throws ServiceError invalid_request, cutoff_before_data, inference_failed or output_not_finite.
 */
export async function predict(
  model: ServedModel,
  body: unknown,
  store: OnlineStore | null,
  observer: Observer,
): Promise<Prediction> {
  const received = performance.now();
  const { contract } = model;
  const request = parseRequest(model, body);
  const cutoffUs = cutoffOf(model, request);
  const looked = await lookUp(contract, request, store);
  observer.decoded(secondsSince(received));
  const decoded = performance.now();
  const value = await runOne(model, looked.values);
  observer.computed(secondsSince(decoded), 1);
  const { threshold } = contract;
  const answer =
    threshold === null ? { prediction: value } : { probability: value, decision: value >= threshold, threshold };
  return {
    ...answer,
    model_name: model.name,
    model_version: model.version,
    model_digest: model.digest,
    cutoff: formatInstant(cutoffUs),
    features: describeFeatures(model, looked),
    degraded_reasons: degradedReasons(contract, request, looked.statuses, store !== null),
  };
}
