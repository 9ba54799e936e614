import { refusal } from './column.ts';
import { checkPositive } from './parameter.ts';

function checkAlpha(alpha: number): void {
  if (alpha > 0 && alpha < 1) return;
  throw refusal('alpha', alpha, 'a number between 0 and 1', 'pass 0.05 for 5 %');
}

/**
 * The tuning of an asymptotic confidence sequence that makes it about narrowest after `units` units, for `asymptoticSequence`.
 * Throws RangeError unless alpha lies in (0, 1) and `units` above 0.
 * Source: the closed form, in the appendix on tuning, of I. Waudby-Smith et al., "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024).
 */
export function sequenceTuning(alpha: number, units: number): number {
  checkAlpha(alpha);
  checkPositive('units', units);
  const bits = -2 * Math.log(alpha);
  return Math.sqrt((bits + Math.log(bits + 1)) / units);
}

/**
 * Half the width of the interval around an estimate of variance `variance` from `units` units, for as many looks as one likes: the chance
 * that any of them misses the truth is about `alpha` at most, once there are enough units for the central limit theorem to hold for the
 * estimate itself (a hundred in each arm, unless the tails are heavy). `tuning` is that of `sequenceTuning` and must not change between looks.
 * Throws RangeError unless alpha lies in (0, 1), the variance is not negative, and the others are above 0.
 * Source: theorem 2.2 of the paper above, Robbins's mixture of normals, with the variance of the estimate in place of sigma^2 / n.
 */
export function asymptoticSequence(variance: number, units: number, alpha: number, tuning: number): number {
  checkAlpha(alpha);
  checkPositive('units', units);
  checkPositive('tuning', tuning);
  if (!(variance >= 0)) throw refusal('variance', variance, 'a number of at least 0', 'check the estimate');
  const seen = units * tuning * tuning;
  return Math.sqrt(((2 * (seen + 1)) / seen) * Math.log(Math.sqrt(seen + 1) / alpha) * variance);
}
