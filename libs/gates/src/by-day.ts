import type { PairedBootstrapOptions } from '@repo/stats/paired-bootstrap';
import { dayOf } from '@repo/training/evaluate';
import type { FeatureTable } from '@repo/training/feature-table';
import { TooFewDays } from './too-few-days.ts';

/** The UTC day of each row, in days since 1970: rows of one day share their weather and are resampled together. */
export const daysOf = ({ timesUs }: Pick<FeatureTable, 'timesUs'>): Int32Array => Int32Array.from(timesUs, dayOf);

/** Whether there are two days at least. */
export const hasDays = (days: ArrayLike<number>): boolean => Array.prototype.some.call(days, (day) => day !== days[0]);

/**
 * How every gate resamples: 1000 times, days as a whole, from one seed, so that a report can be made again; intervals of 95 %. Throws
 * TooFewDays for rows of one day.
 */
export function byDay(days: ArrayLike<number>): PairedBootstrapOptions {
  if (!hasDays(days)) throw new TooFewDays();
  return { clusters: days, replicates: 1000, seed: 1, level: 0.95 };
}
