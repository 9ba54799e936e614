import { binomialAtLeast } from '@repo/stats/binomial-distribution';
import { newcombeInterval } from '@repo/stats/newcombe-interval';

/** So many of so many. */
export interface Share {
  readonly count: number;
  readonly rows: number;
}

/** How much larger a share has become. */
export interface RisingShare {
  readonly difference: number;
  /** 95 %, Newcombe's, for rows drawn one by one. */
  readonly interval: [number, number];
  /** One-sided p-value of "it has not risen". */
  readonly pValue: number;
}

/**
 * How much more the share of a whole day varies than that of as many rows drawn one by one, from 1: the design effect. Null for fewer than 14
 * days with rows: nothing is known.
 */
export function measureShareEffect(days: readonly Share[]): number | null {
  const seen = days.filter(({ rows }) => rows > 0);
  if (seen.length < 14) return null;
  const rows = seen.reduce((sum, day) => sum + day.rows, 0);
  const share = seen.reduce((sum, day) => sum + day.count, 0) / rows;
  if (share === 0 || share === 1) return 1;
  const spread = seen.reduce((sum, day) => sum + day.rows * (day.count / day.rows - share) ** 2, 0);
  return Math.max(1, spread / (seen.length - 1) / share / (1 - share));
}

/**
 * Compares a share with the one of the reference; a fall is no finding. The test is the exact binomial one, both counts first divided by the
 * design effect, against the reference's share with one more row that has it: what training had not once is rare, not impossible.
 * Null when a side has no rows.
 */
export function risingShare(reference: Share, current: Share, designEffect: number): RisingShare | null {
  if (reference.rows === 0 || current.rows === 0) return null;
  const toProportion = ({ count, rows }: Share) => ({ successes: count, trials: rows });
  const { difference, lower, upper } = newcombeInterval(toProportion(current), toProportion(reference));
  const interval: [number, number] = [lower, upper];
  if (difference <= 0) return { difference, interval, pValue: 1 };
  const trials = Math.max(1, Math.round(current.rows / designEffect));
  const successes = Math.min(trials, Math.floor(current.count / designEffect));
  const expected = (reference.count + 1) / (reference.rows + 1);
  return { difference, interval, pValue: binomialAtLeast(successes, trials, Math.min(1, expected)) };
}
