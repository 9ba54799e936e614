import type { ErrorCode } from '@repo/contract/error-catalogue';
import { ServiceError } from '@repo/contract/service-error';
import type { FallbackLevel } from '@repo/contract/serving-policy';
import { BrokenCircuitError } from 'cockatiel';
import { CallerLeft } from '../caller-left.ts';
import { RefusedOutput } from './output-guard.ts';

/** A level that cannot be asked at all: it is not there, or not for this row. */
export class LevelUnfit extends Error {
  readonly why: 'not_loaded' | 'unknown_category';

  constructor(why: LevelUnfit['why']) {
    super(why);
    this.name = 'LevelUnfit';
    this.why = why;
  }
}

/** A level that did not answer, and the error that it gave instead. */
export interface LevelFailure {
  readonly level: FallbackLevel;
  /** A code of the error catalogue, not_finite, out_of_range, breaker_open, not_loaded or unknown_category. */
  readonly why: string;
  readonly error: unknown;
}

export function levelFailure(level: FallbackLevel, error: unknown): LevelFailure {
  if (error instanceof RefusedOutput) return { level, why: error.guard, error };
  if (error instanceof ServiceError) return { level, why: error.code, error };
  if (error instanceof BrokenCircuitError) return { level, why: 'breaker_open', error };
  if (error instanceof LevelUnfit) return { level, why: error.why, error };
  return { level, why: 'inference_failed', error };
}

/** Refusals that are not the level's fault: it is busy, or the request is not one for its contract, as the previous champion may have another. */
const faultless: ReadonlySet<ErrorCode> = new Set([
  'queue_full',
  'overloaded',
  'invalid_request',
  'cutoff_before_data',
]);

/**
 * Whether an error speaks against a level, so that its breaker counts it. Not when the caller left or asked what it does not take, and not when the queue is full:
 * a refusal costs nothing, and a breaker would keep a level idle for 10 seconds that is busy answering. Not when it was never asked.
 */
export function isLevelFailure(error: unknown): boolean {
  if (error instanceof CallerLeft || error instanceof LevelUnfit) return false;
  return !(error instanceof ServiceError && faultless.has(error.code));
}
