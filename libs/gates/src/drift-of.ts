import { type BootstrapSummary, bootstrapMany } from '@repo/stats/bootstrap-many';
import { chiSquaredTail } from '@repo/stats/chi-squared-distribution';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import { psi, psiAgainst } from '@repo/stats/psi';
import { byDay } from './by-day.ts';
import type { Estimate } from './decide.ts';
import type { BinnedFeature } from './profile-bins.ts';

/** How far rows have drifted from a profile: population stability index, noise taken off. */
export interface Drift extends Estimate {
  name: string;
  /** P-value of "nothing has drifted", rows taken as independent. */
  pValue: number;
}

/** Rows of each bin, all of them. */
export function countBins({ reference, bins }: BinnedFeature): Float64Array {
  const counts = new Float64Array(reference.length);
  for (const bin of bins) counts[bin] = (counts[bin] as number) + 1;
  return counts;
}

/** The index as a statistic: rows are counted by cluster and bin once. */
function psiOf({ reference, bins }: BinnedFeature): PairedStatistic {
  return ({ count, ofRow }) => {
    const width = reference.length;
    const counts = new Float64Array(count * width);
    bins.forEach((bin, row) => {
      const place = (ofRow[row] as number) * width + bin;
      counts[place] = (counts[place] as number) + 1;
    });
    const current = new Float64Array(width);
    const index = psiAgainst(reference);
    return (weights) => {
      current.fill(0);
      for (let place = 0, cluster = 0; cluster < count; cluster++) {
        const weight = weights[cluster] as number;
        if (weight === 0) place += width;
        else
          for (let bin = 0; bin < width; bin++, place++)
            current[bin] = (current[bin] as number) + weight * (counts[place] as number);
      }
      return index(current);
    };
  };
}

/**
 * What nothing but chance does to the index: (1 / n + 1 / m) times chi-squared of one less than the bins that hold a row. Answers the p-value
 * of the index and its mean under chance.
 */
export function chanceOf({ reference }: BinnedFeature, current: Float64Array): { pValue: number; noise: number } {
  const degrees = reference.filter((rows, bin) => rows + (current[bin] as number) > 0).length - 1;
  if (degrees < 1) return { pValue: 1, noise: 0 };
  const total = (counts: Iterable<number>) => [...counts].reduce((sum, rows) => sum + rows, 0);
  const scale = 1 / total(reference) + 1 / total(current);
  return { pValue: chiSquaredTail(psi(reference, current) / scale, degrees), noise: scale * degrees };
}

/**
 * Drift of rows, feature by feature, days resampled as a whole and the same for all: the few days that rows are from differ from the profile by
 * chance alone, and the resamples show by how much, as they are further off still by the same again. That is taken off the index once, and off
 * the interval twice.
 */
export function driftsOf(features: readonly BinnedFeature[], days: Int32Array): Drift[] {
  // A feature may be called `answers` too.
  const keyOf = ({ name }: BinnedFeature, i: number) => `${name} ${i}`;
  const statistics = Object.fromEntries(features.map((feature, i) => [keyOf(feature, i), psiOf(feature)]));
  const all: Record<string, BootstrapSummary> = bootstrapMany(byDay(days), statistics);
  const atLeast0 = (x: number) => Math.max(0, x);
  return features.map((feature, i) => {
    const found = all[keyOf(feature, i)] as BootstrapSummary;
    const noise = Math.max(0, (found.lower + found.upper) / 2 - found.estimate);
    return {
      name: feature.name,
      estimate: atLeast0(found.estimate - noise),
      lower: atLeast0(found.lower - 2 * noise),
      upper: atLeast0(found.upper - 2 * noise),
      pValue: chanceOf(feature, countBins(feature)).pValue,
    };
  });
}
