import { show } from '@repo/contract/input-error';
import type { TensorMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Tensor } from '../tensor.ts';
import { readBinaryData } from './binary-data.ts';
import { elementKinds } from './element-kind.ts';

/**
 * Reads the body of a raw request: no JSON, all of it the data of the model's only input, whose one variable size follows from the
 * length. A BYTES input is one text, without a length before it. Throws ServiceError invalid_header for a model that this cannot describe
 * and invalid_tensor.
 */
export function readRawTensor(inputs: readonly TensorMetadata[], body: Uint8Array): Tensor {
  const [input, ...others] = inputs;
  const variable = input?.shape.filter((size) => size === -1).length ?? 0;
  if (input === undefined || others.length > 0 || variable > 1) {
    const received = `a model with inputs ${inputs.map(({ name, shape }) => `${name} ${show(shape)}`).join(', ')}`;
    const allowed = 'one input with at most one variable size for a body without JSON';
    throw new ServiceError('invalid_header', {
      path: 'inference-header-content-length',
      received,
      allowed,
      action: 'describe the tensors in JSON',
    });
  }
  const { name, datatype } = input;
  const path = `inputs.${name}`;
  if (datatype === 'BYTES') {
    const framed = Buffer.alloc(4 + body.length);
    framed.writeUInt32LE(body.length);
    framed.set(body, 4);
    return { name, datatype, shape: input.shape.map(() => 1), data: readBinaryData(datatype, 1, framed, path) };
  }
  const size = elementKinds[datatype].array.BYTES_PER_ELEMENT;
  const fixed = input.shape.reduce((product, dim) => (dim === -1 ? product : product * dim), 1);
  const rest = body.length / size / fixed;
  if (!Number.isInteger(rest) || rest < 1 || (variable === 0 && rest !== 1)) {
    const allowed = `${variable === 1 ? 'a multiple of ' : ''}${fixed * size} bytes`;
    throw new ServiceError('invalid_tensor', { path, received: `${body.length} bytes`, allowed });
  }
  const shape = input.shape.map((dim) => (dim === -1 ? rest : dim));
  return { name, datatype, shape, data: readBinaryData(datatype, rest * fixed, body, path) };
}
