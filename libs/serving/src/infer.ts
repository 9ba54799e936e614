import type { ServedModel } from './served-model.ts';
import type { Tensor } from './tensor.ts';

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
