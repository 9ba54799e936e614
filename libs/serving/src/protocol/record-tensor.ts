import type { Tensor } from '../tensor.ts';

/** A tensor as the prediction log keeps it. */
type Recorded = Pick<Tensor, 'name' | 'datatype' | 'shape'> &
  ({ readonly base64: string } | { readonly data: readonly string[] });

/**
 * A tensor for the prediction log: BYTES as texts; every other datatype as base64 of its little-endian elements, which keeps each bit, NaN
 * too, and costs a fiftieth of writing the digits. Made before the run, which may take the tensor's memory away.
 */
export function recordTensor({ name, datatype, shape, data }: Tensor): Recorded {
  if (!ArrayBuffer.isView(data)) return { name, datatype, shape, data };
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { name, datatype, shape, base64: bytes.toString('base64') };
}
