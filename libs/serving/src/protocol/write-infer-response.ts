import { ServiceError } from '@repo/contract/service-error';
import type { Tensor } from '../tensor.ts';
import { writeBinaryData } from './binary-data.ts';
import type { InferInput } from './read-infer-request.ts';

/** An answer in the form of the protocol: JSON, and after it the binary tensors in the order of the outputs. */
export interface InferAnswer {
  readonly json: string;
  /** Null when no output is binary: then the answer is all JSON. */
  readonly binary: readonly Uint8Array[] | null;
}

function refuseValue(name: string, i: number, value: number | bigint): never {
  throw new ServiceError('output_not_finite', { path: `outputs.${name}[${i}]`, received: String(value) });
}

/** The elements as JSON, without the brackets. Throws ServiceError output_not_finite for what JSON cannot hold. */
function elementsOf({ name, datatype, data }: Tensor): string {
  if (!ArrayBuffer.isView(data)) return data.map((text) => JSON.stringify(text)).join(',');
  if (datatype === 'BOOL') return Array.from(data, Boolean).join(',');
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    data.forEach((value, i) => {
      if (!Number.isSafeInteger(Number(value))) refuseValue(name, i, value);
    });
  } else if (datatype === 'FP32' || datatype === 'FP64') {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      if (!Number.isFinite(value)) refuseValue(name, i, value);
    }
  }
  return data.join(',');
}

/**
 * Writes outputs as the protocol has them: in JSON flat and row-major, those of `binaryOutputs` as bytes behind it.
 * Throws ServiceError output_not_finite for values that JSON cannot hold.
 */
export function writeInferResponse(
  model: { readonly name: string; readonly version: string },
  { id, binaryOutputs }: Pick<InferInput, 'id' | 'binaryOutputs'>,
  outputs: readonly Tensor[],
): InferAnswer {
  const binary: Uint8Array[] = [];
  const written = outputs.map((output) => {
    const { name, datatype, shape } = output;
    const about = `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(',')}]`;
    if (!binaryOutputs.has(name)) return `${about},"data":[${elementsOf(output)}]}`;
    const bytes = writeBinaryData(output);
    binary.push(bytes);
    return `${about},"parameters":{"binary_data_size":${bytes.length}}}`;
  });
  const about = `"model_name":${JSON.stringify(model.name)},"model_version":${JSON.stringify(model.version)}`;
  const echoed = id === undefined ? '' : `,"id":${JSON.stringify(id)}`;
  const json = `{${about}${echoed},"outputs":[${written.join(',')}]}`;
  return { json, binary: binaryOutputs.size > 0 ? binary : null };
}
