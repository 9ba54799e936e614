import type { Datatype } from '@repo/contract/protocol';

/** Elements in row-major order: a typed array of the datatype's own kind, BOOL as 0 and 1, BYTES as text. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A tensor of the protocol, free of any transport. The product of `shape` is the number of elements. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Size in memory, text counted as its UTF-16 units and 16 bytes for each string. */
export function byteLengthOf({ data }: Tensor): number {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return data.reduce((sum, text) => sum + 2 * text.length + 16, 0);
}
