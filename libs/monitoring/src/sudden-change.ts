import { medianOf } from './anomaly/weekday-deviation.ts';

/** Windows before the two that are judged: fewer do not tell what is usual. */
const fewestBefore = 7;
/** Robust standard deviations that both must lie above: on clean flights of a quarter the lower of two days never reached 2.1. */
export const suddenSpreads = 3;

/** How far the smaller of the last two values lies above what was usual before. */
export interface SuddenChange {
  /** In robust standard deviations: 1.4826 times the median distance from the median. */
  readonly spreads: number;
  readonly usual: number;
  /** The smaller of the two. */
  readonly value: number;
}

/**
 * Compares the last two values with at most 28 before them; null with fewer than seven before. Two running, as a single day may be a storm. A
 * span of days is not needed for it, so that what breaks at once is found at once.
 */
export function suddenChange(values: readonly number[]): SuddenChange | null {
  const before = values.slice(-30, -2);
  if (before.length < fewestBefore) return null;
  const usual = medianOf(before);
  const spread = 1.4826 * medianOf(before.map((value) => Math.abs(value - usual)));
  const value = Math.min(...values.slice(-2));
  // Constant values are never sure to a digit. Bounded where all were 0, as a cost may be: infinity is no JSON.
  const spreads = (value - usual) / Math.max(spread, 0.01 * Math.abs(usual), Number.MIN_VALUE);
  return { spreads: Math.min(spreads, 1e6), usual, value };
}
