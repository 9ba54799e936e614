import type { Datatype } from '@repo/contract/protocol';
import { node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';

/** Numbers of the element types in ONNX (TensorProto.DataType). */
const elementTypes: Readonly<Record<Datatype, number>> = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
};

/** An ONNX file that gives back what it gets: for each datatype an input `in_<datatype>` and an output `out_<datatype>` of these dims. */
export function echoModel(types: readonly Datatype[], dims: readonly (number | string)[]): Uint8Array {
  const value = (name: string, type: Datatype) => ({ name, elementType: elementTypes[type], dims });
  return encodeModel({
    irVersion: 8,
    producerName: 'echo',
    opsets: [{ domain: '', version: 17 }],
    metadata: {},
    graph: {
      name: 'echo',
      nodes: types.map((type) => node('Identity', [`in_${type}`], [`out_${type}`])),
      inputs: types.map((type) => value(`in_${type}`, type)),
      outputs: types.map((type) => value(`out_${type}`, type)),
      initializers: [],
    },
  });
}
