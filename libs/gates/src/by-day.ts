import type { PairedBootstrapOptions } from '@repo/stats/paired-bootstrap';
import { dayOf } from '@repo/training/evaluate';
import type { FeatureTable } from '@repo/training/feature-table';

/** The UTC day of each row, in days since 1970: rows of one day share their weather and are resampled together. */
export const daysOf = ({ timesUs }: Pick<FeatureTable, 'timesUs'>): Int32Array => Int32Array.from(timesUs, dayOf);

/** How every gate resamples: 1000 times, days as a whole, from one seed, so that a report can be made again; intervals of 95 %. */
export const byDay = (days: ArrayLike<number>): PairedBootstrapOptions => ({
  clusters: days,
  replicates: 1000,
  seed: 1,
  level: 0.95,
});
