import { show } from '@repo/contract/input-error';
import type { TensorMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';

/** A shape as errors write it: `[n,5]`, n for any size. */
const written = (shape: readonly number[]): string => `[${shape.map((size) => (size === -1 ? 'n' : size)).join(',')}]`;

/**
 * Checks a shape against the one that the model takes and returns its number of elements. Throws ServiceError invalid_tensor for another
 * rank, another fixed size, sizes below 1 and products that no tensor can have.
 */
export function countElements(shape: readonly number[], { shape: wanted }: TensorMetadata, path: string): number {
  let fits = shape.length === wanted.length;
  let count = 1;
  for (let d = 0; d < shape.length && fits; d++) {
    const size = shape[d] as number;
    fits = size >= 1 && (wanted[d] === -1 || wanted[d] === size);
    count *= size;
  }
  if (fits && Number.isSafeInteger(count)) return count;
  const allowed = wanted.includes(-1) ? `${written(wanted)} with n at least 1` : written(wanted);
  throw new ServiceError('invalid_tensor', { path, received: show(shape), allowed });
}
