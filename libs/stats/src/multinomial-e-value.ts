import { type Column, checkRows, refusal } from './column.ts';
import { checkHistograms } from './histogram.ts';
import { logGamma } from './log-gamma.ts';
import { checkPositive } from './parameter.ts';

/**
 * The evidence, so far, that units do not reach the groups in the expected `shares`: an e-value, for as many looks as one likes. Where the
 * shares hold, 1 / alpha is ever reached with a chance of at most alpha; 1000 is the usual limit of a sample-ratio check. It is the
 * likelihood averaged over a Dirichlet prior around the shares, over that of the shares themselves. `concentration` (default 100) says how many
 * units the prior weighs: the larger, the smaller the mismatch that it finds first. `counts` may have fractions. A group of share 0 that a
 * unit reached is infinite evidence.
 * Throws RangeError unless both have the same groups, counts are not negative, and the shares sum to 1.
 * Source: M. Lindon, A. Malek, "Anytime-valid inference for multinomial count data", NeurIPS 35 (2022).
 */
export function multinomialEValue(counts: Column, shares: Column, concentration = 100): number {
  checkRows({ counts, shares });
  checkHistograms({ counts });
  checkPositive('concentration', concentration);
  let total = 0;
  let sum = 0;
  let log = 0;
  for (let group = 0; group < counts.length; group++) {
    const count = counts[group] as number;
    const share = shares[group] as number;
    if (!(share >= 0 && share <= 1)) throw refusal(`shares[${group}]`, share, '0 to 1', 'pass shares, not percentages');
    total += count;
    sum += share;
    if (count === 0) continue;
    if (share === 0) return Number.POSITIVE_INFINITY;
    const weight = concentration * share;
    log += logGamma(weight + count) - logGamma(weight) - count * Math.log(share);
  }
  if (Math.abs(sum - 1) > 1e-9) throw refusal('shares', `a sum of ${sum}`, 'a sum of 1', 'divide by their sum');
  return Math.exp(log + logGamma(concentration) - logGamma(concentration + total));
}
