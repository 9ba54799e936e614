import { type Column, checkRows, refusal } from './column.ts';
import { quantile } from './quantile.ts';
import { createRandom } from './random.ts';
import { standardDeviation } from './standard-deviation.ts';

/** How to resample. */
export interface PairedBootstrapOptions {
  /** Per row the integer id of its cluster, the unit that is drawn as a whole: the day of a flight, for example. */
  readonly clusters: Column;
  /** Number of resamples, an integer from 100; 1000 settles the second digit of an interval's half-width. */
  readonly replicates: number;
  /** Seed of `createRandom`: same seed, same interval. */
  readonly seed: number;
  /** Confidence level between 0 and 1, for example 0.95. */
  readonly level: number;
}

/** The clusters of a data set, renumbered from 0 in order of appearance. */
export interface Clusters {
  readonly count: number;
  readonly ofRow: Int32Array;
}

/** The statistic when cluster c counts `weights[c]` times; NaN when these weights leave it undefined. */
export type ClusterStatistic = (weights: Float64Array) => number;

/** Prepares what every resample needs, once. `meanDifference` and `aucDifference` make these. */
export type PairedStatistic = (clusters: Clusters) => ClusterStatistic;

/** A percentile interval. */
export interface BootstrapInterval {
  /** The statistic on the data itself. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation over the resamples. */
  readonly standardError: number;
}

/**
 * Percentile bootstrap of a comparison of two models on the same rows. Every resample gives each cluster a Poisson(1)
 * weight, so both models see the same rows and rows that belong together stay together.
 * A resample that leaves the statistic undefined (no positive row, say) is drawn again.
 * Throws RangeError when an option is out of range, there are fewer than 2 clusters, the statistic is undefined on the
 * data, or resamples are undefined more often than not (a class that lives in one or two clusters).
 * Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), 13.3; Poisson weights: N. Chamandy et al.,
 * "Estimating uncertainty for massive data streams" (2012).
 */
export function pairedBootstrap(options: PairedBootstrapOptions, statistic: PairedStatistic): BootstrapInterval {
  checkOptions(options);
  const clusters = numberClusters(options.clusters);
  const statisticOf = statistic(clusters);
  const weights = new Float64Array(clusters.count).fill(1);
  const estimate = statisticOf(weights);
  if (!Number.isFinite(estimate))
    throw refusal('statistic', estimate, 'a finite value on the data itself', 'check that both classes have rows');

  const random = createRandom(options.seed);
  const values = new Float64Array(options.replicates);
  let redrawn = 0;
  for (let replicate = 0; replicate < values.length; ) {
    for (let cluster = 0; cluster < weights.length; cluster++) weights[cluster] = random.poisson();
    const value = statisticOf(weights);
    if (!Number.isNaN(value)) values[replicate++] = value;
    else if (++redrawn > values.length)
      throw refusal('clusters', `${redrawn} undefined resamples`, `at most ${values.length}`, 'use smaller clusters');
  }
  values.sort();
  return {
    estimate,
    lower: quantile(values, (1 - options.level) / 2),
    upper: quantile(values, (1 + options.level) / 2),
    standardError: standardDeviation(values),
  };
}

function checkOptions({ clusters, replicates, level }: PairedBootstrapOptions): void {
  checkRows({ clusters });
  if (!Number.isInteger(replicates) || replicates < 100)
    throw refusal('replicates', replicates, 'an integer of at least 100', 'pass 1000');
  if (!(level > 0 && level < 1)) throw refusal('level', level, 'a number between 0 and 1', 'pass 0.95 for 95 %');
}

function numberClusters(ids: Column): Clusters {
  const numbers = new Map<number, number>();
  const ofRow = Int32Array.from(ids, (id, row) => {
    if (!Number.isInteger(id))
      throw refusal(`clusters[${row}]`, id, 'an integer', 'number the clusters, for example days since 1970');
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  });
  if (numbers.size < 2)
    throw refusal('clusters', '1 cluster', 'at least 2', 'widen the selection or choose smaller clusters');
  return { count: numbers.size, ofRow };
}
