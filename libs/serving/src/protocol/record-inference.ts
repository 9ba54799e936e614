import type { InferRequest } from '@repo/contract/protocol';
import type { Tensor } from '../tensor.ts';
import { type ModelTensors, readInferRequest } from './read-infer-request.ts';

/** What JSON cannot hold becomes null, and integers beyond 2^53 text: a log must not fail where the answer did not. */
function plain(value: number | bigint | string): number | string | null {
  if (typeof value === 'string') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return null;
  return typeof value === 'bigint' && !Number.isSafeInteger(number) ? String(value) : number;
}

const describe = ({ name, datatype, shape, data }: Tensor) => ({
  name,
  datatype,
  shape,
  data: Array.from<number | bigint | string, number | string | null>(data, plain),
});

/** The form of {@link readInferRequest}'s arguments that is kept until the log writes. */
interface Received {
  readonly body: Uint8Array;
  readonly headerLength: string | undefined;
  readonly maxElements: number;
}

/**
 * Inputs and outputs of an answered request as plain JSON. Inputs are taken from the JSON as it came; binary ones are read again from the
 * body, since the tensors were handed to the run.
 */
export function recordInference(
  model: ModelTensors,
  { body, headerLength, maxElements }: Received,
  request: InferRequest | null,
  outputs: readonly Tensor[],
): unknown {
  const inputs =
    headerLength === undefined && request !== null
      ? request.inputs.map(({ name, datatype, shape, data }) => ({ name, datatype, shape, data }))
      : readInferRequest(model, body, headerLength, maxElements).inputs.map(describe);
  return { inputs, outputs: outputs.map(describe) };
}
