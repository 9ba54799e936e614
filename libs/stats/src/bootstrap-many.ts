import { refusal } from './column.ts';
import { mean } from './mean.ts';
import {
  type BootstrapInterval,
  type PairedBootstrapOptions,
  type PairedStatistic,
  pairedBootstrap,
} from './paired-bootstrap.ts';
import { quantile } from './quantile.ts';

/** What the resamples say of one statistic. */
export interface BootstrapSummary extends BootstrapInterval {
  /** One-sided bounds: the truth is above the first with the confidence `level`, and below the second with the same. */
  readonly oneSidedLower: number;
  readonly oneSidedUpper: number;
  /** One-sided p-value of "the truth is at most 0": (1 + resamples at or below 0) / (1 + resamples). */
  readonly pAtMostZero: number;
  /** The same of "the truth is at least 0". */
  readonly pAtLeastZero: number;
}

/**
 * Percentile bootstrap by cluster, as in `pairedBootstrap`, of several statistics by name in one pass: all see the same
 * resamples. A statistic of one model is made by `meanOf`, `aucOf`, `prAucOf`, `quantileOf`, `calibrationErrorOf`,
 * `ratioOfMeans` or `differenceOfMeansBetweenGroups`, one of two models by `meanDifference` or `aucDifference`, others
 * from these by `combinedStatistic`. A resample that leaves a statistic undefined (NaN) does not count for that
 * statistic, and counts for the others.
 * Throws RangeError when an option is out of range, there are fewer than 2 clusters, or a statistic, which is named, is
 * undefined on the data itself or in more than half of the resamples.
 */
export function bootstrapMany<Name extends string>(
  options: PairedBootstrapOptions,
  statistics: Readonly<Record<Name, PairedStatistic>>,
): Record<Name, BootstrapSummary> {
  const recorded = Object.entries<PairedStatistic>(statistics).map(([name, statistic]) => ({
    name,
    statistic,
    values: [] as number[], // first that of the data itself, then one of each resample
  }));
  pairedBootstrap(options, (clusters) => {
    const recorders = recorded.map(({ statistic, values }) => ({ values, evaluate: statistic(clusters) }));
    return (weights) => {
      for (const { values, evaluate } of recorders) values.push(evaluate(weights));
      return 0; // always defined: what to do without a value is decided for each statistic below
    };
  });
  const summaries = recorded.map(({ name, values }) => [name, summarise(name, values, options.level)]);
  return Object.fromEntries(summaries) as Record<Name, BootstrapSummary>;
}

function summarise(name: string, [estimate, ...resampled]: number[], level: number): BootstrapSummary {
  if (estimate === undefined || !Number.isFinite(estimate))
    throw refusal(name, estimate, 'a finite value on the data itself', 'check that every class and group has rows');
  const values = Float64Array.from(resampled.filter(Number.isFinite)).sort();
  if (values.length < resampled.length / 2) {
    const received = `${resampled.length - values.length} undefined resamples of ${resampled.length}`;
    throw refusal(name, received, 'at most half', 'use smaller clusters or leave this statistic out');
  }
  const share = (count: number) => (1 + count) / (1 + values.length);
  return {
    estimate,
    lower: quantile(values, (1 - level) / 2),
    upper: quantile(values, (1 + level) / 2),
    standardError: standardDeviation(values),
    oneSidedLower: quantile(values, 1 - level),
    oneSidedUpper: quantile(values, level),
    pAtMostZero: share(values.filter((value) => value <= 0).length),
    pAtLeastZero: share(values.filter((value) => value >= 0).length),
  };
}

function standardDeviation(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt((mean(values.map((value) => (value - centre) ** 2)) * values.length) / (values.length - 1));
}
