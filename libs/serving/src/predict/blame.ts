import type { ErrorCode } from '@repo/contract/error-catalogue';
import type { Profile } from '@repo/contract/profile';
import { ServiceError } from '@repo/contract/service-error';
import { isLevelFailure } from './level-failure.ts';
import { type Row, unknownCategories } from './row.ts';

/** How a model fails over a row: its answer may not be given, or the runtime refuses the run. Everything else happens to any row. */
const overRow: ReadonlySet<ErrorCode> = new Set(['output_not_finite', 'inference_failed']);

/**
 * Whether a row holds what training had nothing like: a number outside its range, a category it did not have, or nothing where it always
 * had a value. Without a profile that is not known, and every row may be one.
 */
export function isBeyondTraining(row: Row, profile: Profile | null): boolean {
  if (profile === null || unknownCategories(row).length > 0) return true;
  const known = new Map(profile.features.map((feature) => [feature.name, feature]));
  return row.features.some(({ name, code }) => {
    const feature = known.get(name);
    if (feature === undefined) return true;
    if (Number.isNaN(code)) return feature.missing === 0;
    if (feature.kind === 'category') return false;
    // What the model sees is a float32: the ends of the range as such belong to it.
    return feature.range === null || code < Math.fround(feature.range[0]) || code > Math.fround(feature.range[1]);
  });
}

/** Tells the failures of a model that speak against it from those that a caller brought about. */
export interface Blame {
  /** Hears an error of the model before its breaker does, and the row that it was asked about. */
  hear(error: unknown, row: Row): void;
  /** As {@link isLevelFailure}, but false for what a row provoked. */
  isFailure(error: unknown): boolean;
}

/**
 * A model passed its golden rows when it was loaded and computes the same every time. So NaN for a row unlike any of `profile`, which may
 * be at the edge of what a float32 holds, says nothing of its answers to others: one caller who sends such rows must not
 * take the model from everyone. Over an ordinary row the same error counts.
 */
export function createBlame(profile: Profile | null): Blame {
  const provoked = new WeakSet<ServiceError>();
  return {
    hear: (error, row) => {
      if (!(error instanceof ServiceError) || !overRow.has(error.code)) return;
      if (isBeyondTraining(row, profile)) provoked.add(error);
    },
    isFailure: (error) => isLevelFailure(error) && !(error instanceof ServiceError && provoked.has(error)),
  };
}
