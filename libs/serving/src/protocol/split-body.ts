import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';

/** A body as the binary extension has it: JSON, then binary tensors without a gap. */
export interface SplitBody {
  /** Null: there is no JSON, all is the one tensor of the model. */
  readonly json: Uint8Array | null;
  readonly binary: Uint8Array;
}

const nothing = new Uint8Array();

/**
 * Splits a body by its announced length of JSON in bytes; without one all of it is JSON. Views, no copies.
 * Throws ServiceError invalid_header for a length that is no number or lies beyond the body.
 */
export function splitBody(body: Uint8Array, headerLength: string | undefined): SplitBody {
  if (headerLength === undefined) return { json: body, binary: nothing };
  const length = /^\d{1,15}$/.test(headerLength) ? Number(headerLength) : Number.NaN;
  if (!(length <= body.length)) {
    const allowed = `a number from 0 to ${body.length}, the length of the body`;
    throw new ServiceError('invalid_header', {
      path: 'inference-header-content-length',
      received: show(headerLength),
      allowed,
    });
  }
  return length === 0
    ? { json: null, binary: body }
    : { json: body.subarray(0, length), binary: body.subarray(length) };
}
