import { type BootstrapInterval, type PairedStatistic, pairedBootstrap } from '@repo/stats/paired-bootstrap';

/** A figure and its 95 % interval; null where too few days or rows leave it unknown. */
export interface Estimate {
  readonly value: number | null;
  readonly interval: [number, number] | null;
}

/**
 * Fewer days than this give no interval, and so no verdict: with each weekday once, one page in twenty is false where one in forty is promised,
 * with three days one in seven. The fourteen of the gates would be none for who rests at weekends: the span that is looked at has no more.
 */
export const fewestDays = 7;

/**
 * A statistic and its 95 % interval, days drawn as a whole 1,000 times as the gates do: rows of a day share its weather. `days` has the day of
 * each row or cell that the statistic is made from.
 */
export function estimateByDay(days: ArrayLike<number>, statistic: PairedStatistic): Estimate {
  if (days.length === 0) return { value: null, interval: null };
  const distinct = [...new Set(Array.from(days))];
  const number = new Map(distinct.map((day, i) => [day, i]));
  const ofRow = Int32Array.from(days, (day) => number.get(day) as number);
  const value = statistic({ count: distinct.length, ofRow })(new Float64Array(distinct.length).fill(1));
  if (!Number.isFinite(value)) return { value: null, interval: null };
  if (distinct.length < fewestDays) return { value, interval: null };
  return { value, interval: intervalOf(days, statistic) };
}

function intervalOf(days: ArrayLike<number>, statistic: PairedStatistic): [number, number] | null {
  try {
    const options = { clusters: days, replicates: 1000, seed: 1, level: 0.95 };
    const { lower, upper }: BootstrapInterval = pairedBootstrap(options, statistic);
    return [lower, upper];
  } catch (error) {
    // Undefined in most resamples, such as the AUC of rows whose only yeses are of one day.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Sums of days as columns. */
export interface DaySums {
  readonly days: readonly number[];
  readonly sums: readonly number[];
  readonly rows: readonly number[];
}

/** A mean over rows of which the sums of days are known. */
export function meanByDay({ days, sums, rows }: DaySums): Estimate {
  return estimateByDay(days, ({ ofRow }) => (weights) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < sums.length; i++) {
      const weight = weights[ofRow[i] as number] as number;
      sum += weight * (sums[i] as number);
      count += weight * (rows[i] as number);
    }
    return sum / count;
  });
}
