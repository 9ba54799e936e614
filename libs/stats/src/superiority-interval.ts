import { mean } from './mean.ts';
import { normalQuantile } from './normal-distribution.ts';
import type { Interval } from './proportion.ts';

/**
 * Confidence interval of P(A > B), ties counting half, from the placements of each sample among the other (as
 * `placements` returns them, of at least 2 values each). The variance is DeLong's, the scale the log-odds, so the
 * interval never leaves [0, 1]. Where that variance is 0 (the samples do not overlap, or one repeats the other's only
 * value), it is Newcombe's interval instead, which takes the variance from the effect alone.
 * Sources: E. DeLong et al., Biometrics 44 (1988); R. Newcombe, method 5, Statistics in Medicine 25 (2006).
 */
export function superiorityInterval(placementsA: Float64Array, placementsB: Float64Array, level: number): Interval {
  const deviations = normalQuantile((1 + level) / 2);
  const effect = mean(placementsA);
  const error = Math.sqrt(varianceOfMean(placementsA) + varianceOfMean(placementsB));
  if (!(error > 0)) return newcombeInterval(effect, placementsA.length, placementsB.length, deviations);
  const odds = effect / (1 - effect);
  const factor = Math.exp((deviations * error) / (effect * (1 - effect)));
  return { lower: odds / (odds + factor), upper: odds / (odds + 1 / factor) };
}

/** The effects from which the one seen is as many standard errors away as the level allows. */
function newcombeInterval(effect: number, n: number, m: number, deviations: number): Interval {
  const average = (n + m) / 2 - 1;
  const isWithin = (candidate: number) => {
    const spread = 1 + average * ((1 - candidate) / (2 - candidate) + candidate / (1 + candidate));
    const variance = (candidate * (1 - candidate) * spread) / (n * m);
    return Math.abs(candidate - effect) <= deviations * Math.sqrt(variance);
  };
  return { lower: lastWithin(isWithin, effect, 0), upper: lastWithin(isWithin, effect, 1) };
}

/** Where, on the way from a point within to an end, candidates stop to be within. */
function lastWithin(isWithin: (candidate: number) => boolean, from: number, end: number): number {
  if (from === end) return end;
  let inside = from;
  let outside = end;
  for (let step = 0; step < 60; step++) {
    const middle = (inside + outside) / 2;
    if (isWithin(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

function varianceOfMean(values: Float64Array): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}
