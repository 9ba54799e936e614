import type { Problem } from '@repo/contract/input-error';
import type { TensorMetadata } from '@repo/contract/protocol';
import type { Tensor } from './tensor.ts';

/** What a thread is told: first the model to load, then runs one by one, at last to end. */
export type ToWorker =
  | { readonly kind: 'load'; readonly model: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'run'; readonly inputs: readonly Tensor[]; readonly outputs: readonly string[] }
  | { readonly kind: 'end' };

/** What it answers, one message for each but the last. */
export type FromWorker =
  | { readonly kind: 'loaded'; readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly kind: 'ran'; readonly outputs: readonly Tensor[]; readonly seconds: number }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * The buffers of tensors that may be handed over to another thread: those that a tensor fills alone. A view into a larger one, such
 * as a request's body, is copied instead.
 */
export function ownBuffers(tensors: readonly Tensor[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of tensors) {
    if (!ArrayBuffer.isView(data)) continue;
    const { buffer, byteLength } = data;
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && byteLength > 0) buffers.add(buffer);
  }
  return [...buffers];
}
