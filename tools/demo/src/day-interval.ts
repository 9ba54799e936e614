import { meanOf } from '@repo/stats/mean-of';
import { type BootstrapInterval, pairedBootstrap } from '@repo/stats/paired-bootstrap';

const dayUs = 86_400e6;

/** A mean with its interval of 95 %. */
export type DayInterval = Pick<BootstrapInterval, 'estimate' | 'lower' | 'upper'>;

/**
 * The mean of a value over rows, with the interval that days as a whole give: the flights of a stormy day are late together. Throws RangeError
 * for rows of fewer than two days.
 */
export function dayInterval(rows: readonly { readonly atUs: number }[], values: Float64Array): DayInterval {
  const clusters = Int32Array.from(rows, ({ atUs }) => Math.floor(atUs / dayUs));
  const { estimate, lower, upper } = pairedBootstrap(
    { clusters, replicates: 1000, seed: 20131201, level: 0.95 },
    meanOf(values),
  );
  return { estimate, lower, upper };
}
