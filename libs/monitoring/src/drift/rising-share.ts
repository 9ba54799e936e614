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
  const trials = trialsOf(current.rows, designEffect);
  const successes = Math.min(trials, Math.floor(current.count / designEffect));
  return { difference, interval, pValue: binomialAtLeast(successes, trials, expectedShare(reference)) };
}

const trialsOf = (rows: number, designEffect: number): number => Math.max(1, Math.round(rows / designEffect));
const expectedShare = ({ count, rows }: Share): number => Math.min(1, (count + 1) / (rows + 1));

/**
 * The least rise of a share of `rows` rows that {@link risingShare} gives a p-value of at most `p`; where none of them does, the largest rise that
 * there can be. Both sides need rows.
 */
export function chanceOfRise(reference: Share, rows: number, designEffect: number, p: number): number {
  const [trials, expected] = [trialsOf(rows, designEffect), expectedShare(reference)];
  let [enough, tooFew] = [trials + 1, 0];
  while (enough - tooFew > 1) {
    const middle = (enough + tooFew) >> 1;
    if (binomialAtLeast(middle, trials, expected) <= p) enough = middle;
    else tooFew = middle;
  }
  const share = enough > trials ? 1 : Math.min(1, (enough * designEffect) / rows);
  return share - reference.count / reference.rows;
}
