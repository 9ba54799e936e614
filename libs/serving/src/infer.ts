import type { InferResponse } from '@repo/contract/protocol';
import { type Observer, secondsSince } from './observer.ts';
import { readInferRequest } from './read-infer-request.ts';
import type { ServedModel } from './served-model.ts';
import type { Tensor } from './tensor.ts';
import { writeOutputs } from './write-outputs.ts';

/** Deadline of models that declare none. */
const defaultTimeoutMs = 5000;

/** Runs a model on row-major float32 values of shape [rows, features], NaN for missing. Returns the named outputs, in that order. */
export async function infer(
  model: ServedModel,
  values: Float32Array,
  rows: number,
  outputs: readonly string[],
): Promise<readonly Tensor[]> {
  const [input] = model.inputs;
  const inputs = input === undefined ? [] : [{ ...input, shape: [rows, values.length / rows], data: values }];
  const deadlineMs = performance.now() + (model.contract?.serving.timeoutMs ?? defaultTimeoutMs);
  return (await model.run({ inputs, outputs, deadlineMs })).outputs;
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
