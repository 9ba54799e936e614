import { asymptoticSequence, sequenceTuning } from '@repo/stats/asymptotic-sequence';
import { clusterMean } from '@repo/stats/cluster-mean';
import { normalQuantile } from '@repo/stats/normal-distribution';
import type { UnitMetric, UnitSums } from './experiment-evidence.ts';
import type { VarianceReduction } from './experiment-readout.ts';
import { reduceVariance } from './reduce-variance.ts';

/** Fewest units of an arm for which the central limit theorem is trusted. */
export const leastUnits = 100;

/** How far apart two arms are by one metric. */
export interface ArmComparison {
  readonly control: number;
  readonly treatment: number;
  readonly effect: number;
  readonly interval: readonly [number, number];
  readonly units: { readonly control: number; readonly treatment: number };
  readonly reduction: VarianceReduction;
  readonly detectable: number;
}

/** The units that have a row: the others say nothing yet. */
function withRows({ sums, rows, before }: UnitMetric): UnitMetric {
  if (rows.every((count) => count > 0)) return { sums, rows, before };
  const kept = (values: Float64Array) => values.filter((_, unit) => (rows[unit] as number) > 0);
  const keptOf = (one: UnitSums): UnitSums => ({ sums: kept(one.sums), rows: kept(one.rows) });
  return { ...keptOf({ sums, rows }), before: before === null ? null : keptOf(before) };
}

const varianceOfMean = (pulls: Float64Array): number => {
  const centre = pulls.reduce((sum, pull) => sum + pull, 0) / pulls.length;
  return pulls.reduce((sum, pull) => sum + (pull - centre) ** 2, 0) / (pulls.length - 1) / pulls.length;
};

/** How an arm by a metric is measured. */
export interface CompareOptions {
  /** Probability that the interval ever misses the truth. */
  readonly alpha: number;
  /** Units of both arms that the experiment is planned for. */
  readonly plannedUnits: number;
  /** Whether an answer counts 0 or 1. What nobody has done yet has no variance, and is not impossible. */
  readonly isShare: boolean;
}

/** Variance of a mean by its pulls; of a share never less than if one answer more had been the other way. */
function varianceOf(pulls: Float64Array, { rows }: UnitSums, { isShare }: CompareOptions): number {
  const answers = rows.reduce((sum, count) => sum + count, 0);
  return varianceOfMean(pulls) + (isShare ? 1 / answers ** 2 : 0);
}

/**
 * Compares two arms by the mean over answers, with units as what was drawn: answers of one unit are alike. The interval holds at every look at
 * once with probability 1 - alpha, and is narrowest about half way to the planned number of units, where most decisions fall. Null while an arm
 * has fewer than {@link leastUnits} units with a row.
 */
export function compareArms(
  controlUnits: UnitMetric,
  treatmentUnits: UnitMetric,
  options: CompareOptions,
): ArmComparison | null {
  const { alpha, plannedUnits } = options;
  const [a, b] = [withRows(controlUnits), withRows(treatmentUnits)];
  const units = { control: a.rows.length, treatment: b.rows.length };
  if (Math.min(units.control, units.treatment) < leastUnits) return null;
  const [control, treatment] = [clusterMean(a.sums, a.rows), clusterMean(b.sums, b.rows)];
  const reduced = reduceVariance(a, b, { control: control.pulls, treatment: treatment.pulls });
  const effect = treatment.mean - control.mean - reduced.shift;
  const variance = varianceOf(reduced.control, a, options) + varianceOf(reduced.treatment, b, options);
  const seen = units.control + units.treatment;
  const tuning = sequenceTuning(alpha, plannedUnits / 2);
  const half = asymptoticSequence(variance, seen, alpha, tuning);
  const atHorizon = (variance * seen) / plannedUnits;
  return {
    control: control.mean,
    treatment: treatment.mean,
    effect,
    interval: [effect - half, effect + half],
    units,
    reduction: reduced.reduction,
    detectable: asymptoticSequence(atHorizon, plannedUnits, alpha, tuning) + normalQuantile(0.8) * Math.sqrt(atHorizon),
  };
}
