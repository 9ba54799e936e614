import type { Datatype } from '@repo/contract/protocol';

/** Datatype of the protocol for each tensor type of ONNX Runtime that works here: float16 does not on this Node, bfloat16 nowhere. */
export const datatypes: Readonly<Record<string, Datatype>> = {
  bool: 'BOOL',
  uint8: 'UINT8',
  int8: 'INT8',
  uint16: 'UINT16',
  int16: 'INT16',
  uint32: 'UINT32',
  int32: 'INT32',
  uint64: 'UINT64',
  int64: 'INT64',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
};

/** Tensor type of ONNX Runtime for each datatype of the protocol. */
export const tensorTypes = Object.fromEntries(
  Object.entries(datatypes).map(([type, datatype]) => [datatype, type]),
) as Readonly<Record<Datatype, string>>;
