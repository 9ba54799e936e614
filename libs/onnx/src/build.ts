import { type Attribute, elementTypes, type Int64, type Node, type Tensor, type ValueInfo } from './model.ts';

/** A node of the default domain, or of `domain` when given; it is named after its first output. */
export function node(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Attribute[] = [],
  domain = '',
): Node {
  return { opType, domain, name: outputs[0] ?? opType, inputs, outputs, attributes };
}

/** An int attribute. */
export const int = (name: string, value: Int64): Attribute => ({ name, kind: 'int', value });

/** A float attribute; the value is rounded to float32 when written. */
export const float = (name: string, value: number): Attribute => ({ name, kind: 'float', value });

/** A string attribute. */
export const string = (name: string, value: string): Attribute => ({ name, kind: 'string', value });

/** An ints attribute. */
export const ints = (name: string, value: readonly Int64[]): Attribute => ({ name, kind: 'ints', value });

/** A floats attribute. */
export const floats = (name: string, value: ArrayLike<number>): Attribute => ({
  name,
  kind: 'floats',
  value: Float32Array.from(value),
});

/** A strings attribute. */
export const strings = (name: string, value: readonly string[]): Attribute => ({ name, kind: 'strings', value });

/** A float32 constant of shape `dims`; by default one dimension with all values. */
export const floatTensor = (
  name: string,
  values: ArrayLike<number>,
  dims: readonly number[] = [values.length],
): Tensor => ({
  name,
  dims,
  type: 'float32',
  data: Float32Array.from(values),
});

/** An int64 constant of shape `dims`; by default one dimension with all values. */
export const int64Tensor = (
  name: string,
  values: readonly Int64[],
  dims: readonly number[] = [values.length],
): Tensor => ({
  name,
  dims,
  type: 'int64',
  data: BigInt64Array.from(values, BigInt),
});

/** A float32 graph input or output; a string among `dims` is a symbolic length. */
export const floatValue = (name: string, dims: readonly (number | string)[]): ValueInfo => ({
  name,
  elementType: elementTypes.float32,
  dims,
});
