import { chiSquaredQuantile, chiSquaredTail } from '@repo/stats/chi-squared-distribution';
import { psi } from '@repo/stats/psi';
import { z } from 'zod';
import { poolRareBins } from './pooled-bins.ts';

/**
 * What chance does to the index of a feature whose rows come by days. A day has one weather and one crew of planes: its rows are fewer
 * observations than they are rows, and their index is larger by a factor than that of rows drawn one by one.
 */
export const dayLawSchema = z.strictObject({
  /** That factor, from 1, for a day of `rowsPerDay` rows. */
  designEffect: z.number().min(1),
  /** How unevenly it lies over the bins, from 1: the degrees of freedom are fewer by this factor. */
  unevenness: z.number().min(1),
  /** Mean rows of the days that it was measured on. */
  rowsPerDay: z.number().min(1),
});
export type DayLaw = z.infer<typeof dayLawSchema>;

/** The law of rows drawn one by one. */
export const independentRows: DayLaw = { designEffect: 1, unevenness: 1, rowsPerDay: 1 };

/** Days of fewer rows say nothing about the others. */
const fewestRows = 50;
/** Share of the days that the law is not taken from: a day of snow that cancels everything would hide all that is smaller. */
const strangeDays = 0.02;
/** Fewer days than this have no spread worth the name. */
export const fewestDays = 14;

/** The index of two histograms, and what chance makes of it. */
export interface ChanceOfPsi {
  readonly psi: number;
  /** P-value of "nothing has drifted". */
  readonly pValue: number;
  /** What the index stays under with the given probability when nothing has drifted. */
  readonly limit: number;
}

const totalOf = (counts: ArrayLike<number>): number =>
  Array.prototype.reduce.call(counts, (a, b) => a + b, 0) as number;

/** The factor for clusters of so many rows: what rows of a day share grows with their number. */
function designEffectFor(law: DayLaw, rows: number): number {
  if (law.rowsPerDay <= 1) return law.designEffect;
  const shared = (law.designEffect - 1) / (law.rowsPerDay - 1);
  return 1 + Math.max(0, Math.min(rows, law.rowsPerDay) - 1) * shared;
}

/**
 * The population stability index of a window against a reference, with its p-value and noise limit: (1 / n + 1 / m) times `designEffect` times
 * `unevenness` times chi-squared with (bins - 1) / `unevenness` degrees of freedom; with {@link independentRows} that is the textbook's law.
 * Rare bins are pooled first. A pair with one bin left has an index of 0 and a p-value of 1.
 * Source: J. Rao, A. Scott, "The analysis of categorical data from complex sample surveys", JASA 76 (1981), the second-order correction.
 */
export function chanceOfPsi(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  law: DayLaw,
  alpha: number,
): ChanceOfPsi {
  const pair = poolRareBins(reference, current);
  const degrees = pair.reference.length - 1;
  if (degrees < 1) return { psi: 0, pValue: 1, limit: 0 };
  const index = psi(pair.reference, pair.current);
  const rows = totalOf(current);
  const unevenness = Math.min(law.unevenness, degrees);
  const scale = (1 / totalOf(reference) + 1 / rows) * designEffectFor(law, rows) * unevenness;
  return {
    psi: index,
    pValue: chiSquaredTail(index / scale, degrees / unevenness),
    limit: scale * chiSquaredQuantile(1 - alpha, degrees / unevenness),
  };
}

/**
 * The law of a histogram from the days of the reference itself: the mean of what each day's index is over that of independent rows is the
 * design effect, and their variance gives the degrees of freedom. The 2 % strangest days, at least one, and those under 50 rows are left out; fewer than
 * 14 days give null: nothing is known.
 */
export function measureDayLaw(reference: ArrayLike<number>, days: readonly ArrayLike<number>[]): DayLaw | null {
  const n = totalOf(reference);
  const all = days.flatMap((day) => {
    const rows = totalOf(day);
    if (rows < fewestRows) return [];
    const pair = poolRareBins(reference, day);
    const degrees = pair.reference.length - 1;
    if (degrees < 1) return [{ rows, degrees: 1, excess: 1 }];
    return [{ rows, degrees, excess: psi(pair.reference, pair.current) / (1 / n + 1 / rows) / degrees }];
  });
  if (all.length < fewestDays) return null;
  const strangest = Math.max(1, Math.floor(all.length * strangeDays));
  const seen = all.sort((a, b) => a.excess - b.excess).slice(0, -strangest);
  const mean = (of: (day: (typeof seen)[number]) => number): number =>
    seen.reduce((sum, day) => sum + of(day), 0) / seen.length;
  const designEffect = mean(({ excess }) => excess);
  const degrees = mean((day) => day.degrees);
  const variance = (mean(({ excess }) => (excess - designEffect) ** 2) * seen.length) / (seen.length - 1);
  return {
    designEffect: Math.max(1, designEffect),
    unevenness: Math.min(degrees, Math.max(1, (variance * degrees) / 2 / Math.max(1, designEffect) ** 2)),
    rowsPerDay: mean(({ rows }) => rows),
  };
}
