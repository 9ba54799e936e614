import type { InferResponse } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import { type Observer, secondsSince } from './observer.ts';
import type { RawOutput } from './onnx-session.ts';
import { readInferRequest } from './read-infer-request.ts';
import type { ServedModel } from './served-model.ts';
import { writeOutputs } from './write-outputs.ts';

/**
 * Runs a model on row-major float32 values of shape [rows, features], NaN for missing. Returns the named outputs, in that order.
 * Throws ServiceError inference_failed when the runtime refuses rows that the contract accepts.
 */
export async function infer(
  model: ServedModel,
  values: Float32Array,
  rows: number,
  outputs: readonly string[] = [model.contract.output.name],
): Promise<RawOutput[]> {
  try {
    return await model.run(values, rows, outputs);
  } catch (cause) {
    throw new ServiceError('inference_failed', { path: model.name, received: `${rows} rows` }, cause);
  }
}

/** Answers an inference request of the protocol: a JSON body in, the JSON answer out. `maxElements` bounds the input tensor. */
export async function answerInference(
  model: ServedModel,
  body: unknown,
  maxElements: number,
  observer: Observer,
): Promise<InferResponse> {
  const received = performance.now();
  const { id, values, rows, outputs } = readInferRequest(model, body, maxElements);
  observer.decoded(secondsSince(received));
  const decoded = performance.now();
  const raw = await infer(model, values, rows, outputs);
  observer.computed(secondsSince(decoded), rows);
  return {
    model_name: model.name,
    model_version: model.version,
    ...(id === undefined ? {} : { id }),
    outputs: writeOutputs(raw),
  };
}
