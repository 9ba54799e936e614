import { elementTypes, type Tensor } from './model.ts';
import { bytesField, concat, floatBytes, int64Bytes, intField, packedIntField, stringField } from './wire-writer.ts';

/** Number of elements that `dims` describes; an empty list is a scalar. */
export const elementCount = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** Bytes of a TensorProto; numbers go into raw_data. Throws RangeError when the data does not fill the dims. */
export function encodeTensor(tensor: Tensor): Uint8Array {
  if (tensor.type === 'opaque') return tensor.bytes;
  const expected = elementCount(tensor.dims);
  if (tensor.data.length !== expected)
    throw new RangeError(
      `tensor ${tensor.name}: received ${tensor.data.length} values; allowed: ${expected} for dims [${tensor.dims}]; pass as many values as the dims multiply to`,
    );
  return concat([
    ...(tensor.dims.length === 0 ? [] : [packedIntField(1, tensor.dims)]),
    intField(2, elementTypes[tensor.type]),
    ...(tensor.type === 'string' ? tensor.data.map((text) => stringField(6, text)) : []),
    stringField(8, tensor.name),
    ...(tensor.type === 'float32' ? [bytesField(9, floatBytes(tensor.data))] : []),
    ...(tensor.type === 'int64' ? [bytesField(9, int64Bytes(tensor.data))] : []),
  ]);
}
